import { get } from "./api.js";
import { h, render, table } from "./dom.js";
import { none, number, time } from "./format.js";
import { t } from "./text.js";
import { chip, hash, link } from "./ui.js";

const sum = (all, name) => all.reduce((total, one) => total + (one[name] || 0), 0);

// The listeners of all instances, each with where it is how
function listeners(instances) {
	const all = {};
	for (const instance of instances) {
		for (const [id, listener] of Object.entries(instance.listeners)) {
			(all[id] ||= []).push(listener);
		}
	}
	return Object.entries(all).sort(([one], [other]) => one.localeCompare(other));
}

// How many are in which state
function states(all) {
	const counts = {};
	all.forEach(({ state }) => counts[state] = (counts[state] || 0) + 1);
	return Object.entries(counts).map(([state, n]) => [chip(state), ` ${number(n)} `]);
}

export function show(main) {
	let fleet, problem, closed, timer;
	const draw = () => render(main, h("h1", {}, t("instances")),
		problem && h("p", { class: "note bad" }, problem),
		!fleet && !problem && h("p", { class: "soft" }, t("loading")),
		fleet && [
			fleet.problem && h("p", { class: "note warn", id: "fleet-problem" }, fleet.problem),
			!fleet.enabled && h("p", { class: "soft" }, t("fleetOff")),
			table(t("instances"), [[t("name")], [t("status")], [t("started")], [t("busy"), "n"], [t("inHand"), "n"], [t("handled"), "n"], [t("retried"), "n"],
				[t("deadLettered"), "n"]], fleet.instances.map((one) => {
				const all = Object.values(one.listeners);
				return [[one.name || none, " ", one.self && h("span", { class: "chip good" }, t("self"))], chip(one.status || none), time(one.started),
					t("of", { n: number(sum(all, "busy")), all: number(sum(all, "concurrency")) }), number(sum(all, "inHand")),
					number(one.handled), number(one.retried), number(one.deadLettered)];
			}), none),
			h("p", { class: "soft" }, t("fleetText")),
			h("h2", {}, t("listeners")),
			table(t("listeners"), [[t("listener")], [t("instances"), "n"], [t("state")], [t("busy"), "n"], [t("inHand"), "n"], [t("reason"), "wide"]],
				listeners(fleet.instances).map(([id, all]) => [link(hash("listeners", [id]), id), number(all.length), states(all),
					t("of", { n: number(sum(all, "busy")), all: number(sum(all, "concurrency")) }), number(sum(all, "inHand")),
					[...new Set(all.map(({ reason }) => reason).filter(Boolean))].join(" · ") || none]), t("noListeners"))]);
	const load = async () => {
		try {
			fleet = await get("fleet");
			problem = undefined;
		}
		catch (failure) {
			problem = failure.message;
		}
		if (!closed) {
			draw();
			timer = setTimeout(load, 5000);
		}
	};
	draw();
	load();
	return {
		close() {
			closed = true;
			clearTimeout(timer);
		}
	};
}
