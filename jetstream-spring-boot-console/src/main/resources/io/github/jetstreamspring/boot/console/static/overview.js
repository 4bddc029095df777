import { get } from "./api.js";
import { chart } from "./chart.js";
import { h, render, table } from "./dom.js";
import { digits, duration, none, number, seconds } from "./format.js";
import { t } from "./text.js";
import { chip, hash, link } from "./ui.js";

export const windows = ["10m", "1h", "12h"];

export function chooser(window, onChange) {
	const select = h("select", { id: "window", onchange: (event) => onChange(event.target.value) },
		windows.map((name) => h("option", { value: name, selected: name === window }, t(name))));
	return h("label", {}, t("window"), select);
}

export function charts(tallies) {
	return h("div", { class: "panels" },
		h("section", { class: "panel" }, h("h2", {}, t("throughput"), " ", h("span", { class: "soft" }, t("ofInstance"))),
			chart(t("throughput"), tallies, ["handled", "retried", "deadLettered"].map((name) => ({ name, title: t(name) })), false, digits)),
		h("section", { class: "panel" }, h("h2", {}, t("times"), " ", h("span", { class: "soft" }, t("ofInstance"))),
			chart(t("times"), tallies, ["p50", "p95", "p99"].map((name) => ({ name, title: name })), true, seconds)));
}

export function consumers(now) {
	return Object.entries(now.connections).flatMap(([connection, { streams }]) =>
		Object.entries(streams).flatMap(([stream, { consumers: all }]) =>
			Object.entries(all).map(([consumer, state]) => ({ connection, stream, consumer, ...state }))));
}

const sum = (all, name) => all.reduce((total, one) => total + (one[name] || 0), 0);

export function show(main, parts, parameters, first) {
	let now = first, recent = [], tallies, timer;
	const window = windows.includes(parameters.window) ? parameters.window : windows[0];
	const draw = () => {
		if (!now || !tallies) {
			render(main, h("h1", {}, t("overview")), h("p", { class: "soft" }, t("loading")));
			return;
		}
		const all = Object.values(now.listeners);
		const waiting = consumers(now);
		const last = recent.slice(-7, -1);
		const cards = [
			[t("handledRate"), digits(last.length ? sum(last, "handled") * 6 / last.length : 0)],
			[t("retriedRate"), number(sum(recent, "retried"))],
			[t("deadRate"), number(sum(recent, "deadLettered"))],
			[t("busy"), t("of", { n: number(sum(all, "busy")), all: number(sum(all, "concurrency")) })],
			[t("backlog"), number(sum(waiting, "pending"))]
		];
		render(main, h("h1", {}, t("overview")),
			h("div", { class: "cards" }, cards.map(([title, value]) => h("dl", { class: "card" }, h("dt", {}, title), h("dd", {}, value)))),
			h("div", { class: "actions" }, chooser(window, (name) => {
				location.hash = hash("overview", [], { window: name });
			})),
			charts(tallies),
			h("h2", {}, t("consumers")),
			table(t("consumers"), [[t("consumer")], [t("stream")], [t("pending"), "n"], [t("ackPending"), "n"], [t("redelivered"), "n"], [t("oldest"), "n"]],
				waiting.map((one) => [one.consumer, link(hash("queues"), one.stream), number(one.pending), number(one.ackPending),
					number(one.redelivered), one.oldestAge ? duration(one.oldestAge) : none]), t("noConsumers")),
			h("h2", {}, t("listeners")),
			table(t("listeners"), [[t("listener")], [t("state")], [t("busy"), "n"], [t("reason"), "wide"]],
				Object.entries(now.listeners).map(([id, one]) => [link(hash("listeners", [id]), id), chip(one.state),
					t("of", { n: number(one.busy), all: number(one.concurrency) }), one.reason || none]), t("noListeners")),
			h("h2", {}, t("connections")),
			table(t("connections"), [[t("connection")], [t("status")], [t("version")]],
				Object.entries(now.connections).map(([name, one]) => [name, chip(one.status), one.serverVersion || none]), none));
	};
	const load = async () => {
		try {
			recent = (await get("history", { window: "10m" })).tallies;
			tallies = window === "10m" ? recent : (await get("history", { window })).tallies;
			draw();
		}
		catch {
			// Said above all pages
		}
		timer = setTimeout(load, 5000);
	};
	draw();
	load();
	return {
		update(fresh) {
			now = fresh;
			draw();
		},
		close() {
			clearTimeout(timer);
			timer = undefined;
		}
	};
}
