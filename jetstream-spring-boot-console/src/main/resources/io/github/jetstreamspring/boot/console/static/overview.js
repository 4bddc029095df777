import { get } from "./api.js";
import { chart } from "./chart.js";
import { h, render, table } from "./dom.js";
import { digits, duration, none, number, seconds, time } from "./format.js";
import { t } from "./text.js";
import { chip, hash, link } from "./ui.js";

export const windows = ["10m", "1h", "12h"];

export function chooser(window, onChange) {
	const select = h("select", { id: "window", onchange: (event) => onChange(event.target.value) },
		windows.map((name) => h("option", { value: name, selected: name === window }, t(name))));
	return h("label", {}, t("window"), select);
}

const scopeTitles = { instance: "instanceScope", fleet: "fleetScope" };
export const scopes = Object.keys(scopeTitles);

// Of this instance, or of all together
export function scoper(scope, onChange) {
	const select = h("select", { id: "scope", onchange: (event) => onChange(event.target.value) },
		scopes.map((name) => h("option", { value: name, selected: name === scope }, t(scopeTitles[name]))));
	return h("label", {}, t("scope"), select);
}

export function charts(tallies, of = t("ofInstance")) {
	return h("div", { class: "panels" },
		h("section", { class: "panel" }, h("h2", {}, t("throughput"), " ", h("span", { class: "soft" }, of)),
			chart(t("throughput"), tallies, ["handled", "retried", "deadLettered"].map((name) => ({ name, title: t(name) })), false, digits)),
		h("section", { class: "panel" }, h("h2", {}, t("times"), " ", h("span", { class: "soft" }, of)),
			chart(t("times"), tallies, ["p50", "p95", "p99"].map((name) => ({ name, title: name })), true, seconds)));
}

export function consumers(now) {
	return Object.entries(now.connections).flatMap(([connection, { streams }]) =>
		Object.entries(streams).flatMap(([stream, { consumers: all }]) =>
			Object.entries(all).map(([consumer, state]) => ({ connection, stream, consumer, ...state }))));
}

const sum = (all, name) => all.reduce((total, one) => total + (one[name] || 0), 0);

export function show(main, parts, parameters, first) {
	let now = first, recent = [], tallies, fleet, instances, timer, closed;
	const window = windows.includes(parameters.window) ? parameters.window : windows[0];
	const scope = scopes.includes(parameters.scope) ? parameters.scope : scopes[0];
	const choose = (changed) => {
		location.hash = hash("overview", [], { window, scope, ...changed });
	};
	const draw = () => {
		if (!now || !tallies) {
			render(main, h("h1", {}, t("overview")), h("p", { class: "soft" }, t("loading")));
			return;
		}
		const all = scope === "fleet" && fleet ? fleet.flatMap((one) => Object.values(one.listeners)) : Object.values(now.listeners);
		const waiting = consumers(now);
		const last = recent.slice(-7, -1);
		const cards = [
			[t("handledRate"), digits(last.length ? sum(last, "handled") * 6 / last.length : 0)],
			[t("retriedRate"), number(sum(recent, "retried"))],
			[t("deadRate"), link(hash("dead-letters"), number(sum(recent, "deadLettered")))],
			[t("busy"), t("of", { n: number(sum(all, "busy")), all: number(sum(all, "concurrency")) })],
			[t("backlog"), number(sum(waiting, "pending"))],
			[t("instances"), link(hash("instances"), number(fleet?.length))]
		];
		render(main, h("h1", {}, t("overview")),
			h("div", { class: "cards" }, cards.map(([title, value]) => h("dl", { class: "card" }, h("dt", {}, title), h("dd", {}, value)))),
			h("div", { class: "actions" }, chooser(window, (name) => choose({ window: name })), scoper(scope, (name) => choose({ scope: name }))),
			charts(tallies, scope === "fleet" ? t("ofInstances", { n: number(instances) }) : undefined),
			h("h2", {}, t("consumers")),
			table(t("consumers"), [[t("consumer")], [t("stream")], [t("pending"), "n"], [t("ackPending"), "n"], [t("redelivered"), "n"], [t("oldest"), "n"]],
				waiting.map((one) => [one.consumer, link(hash("queues"), one.stream), number(one.pending), number(one.ackPending),
					number(one.redelivered), one.oldestAge ? duration(one.oldestAge) : none]), t("noConsumers")),
			h("h2", {}, t("listeners")),
			table(t("listeners"), [[t("listener")], [t("state")], [t("busy"), "n"], [`${t("reason")} / ${t("lastError")}`, "wide"]],
				Object.entries(now.listeners).map(([id, one]) => [link(hash("listeners", [id]), id), chip(one.state),
					t("of", { n: number(one.busy), all: number(one.concurrency) }),
					one.reason || (one.lastError ? [time(one.lastError.time), " ", one.lastError.failure] : none)]), t("noListeners")),
			h("h2", {}, t("connections")),
			table(t("connections"), [[t("connection")], [t("status")], [t("version")]],
				Object.entries(now.connections).map(([name, one]) => [name, chip(one.status), one.serverVersion || none]), none));
	};
	const load = async () => {
		try {
			const shown = await get("history", { window: "10m", scope });
			recent = shown.tallies;
			instances = shown.instances;
			tallies = window === "10m" ? recent : (await get("history", { window, scope })).tallies;
			fleet = (await get("fleet")).instances;
		}
		catch {
			// Said above all pages
		}
		if (!closed) {
			draw();
			timer = setTimeout(load, 5000);
		}
	};
	draw();
	load();
	return {
		update(fresh) {
			now = fresh;
			draw();
		},
		close() {
			closed = true;
			clearTimeout(timer);
		}
	};
}
