import { h, render, table } from "./dom.js";
import { bytes, duration, none, number } from "./format.js";
import { t } from "./text.js";
import { hash, link } from "./ui.js";

export function show(main, parts, parameters, first) {
	const draw = (now) => {
		if (!now) {
			render(main, h("h1", {}, t("queues")), h("p", { class: "soft" }, t("loading")));
			return;
		}
		const several = Object.keys(now.connections).length > 1;
		const streams = Object.entries(now.connections).flatMap(([connection, { streams: all }]) =>
			Object.entries(all).map(([name, stream]) => [name, stream, several ? connection : ""]));
		render(main, h("h1", {}, t("queues")),
			streams.length ? streams.map(section) : h("div", { class: "panel empty" }, t("noConsumers")));
	};
	draw(first);
	return { update: draw };
}

function section([name, stream, connection]) {
	const browse = (text, consumer) => link(hash("messages", [name], { connection, consumer }), text);
	// Each table has a name of its own, for those who go from one to the next
	const named = (what) => `${what}: ${connection && `${connection} / `}${name}`;
	return h("section", {}, h("h2", {}, connection && `${connection} / `, browse(name)),
		h("p", {}, `${t("messages")}: ${number(stream.messages)} · ${t("bytes")}: ${bytes(stream.bytes)} · `, drift(stream.drift)),
		stream.drift?.length > 0 && table(named(t("drift")), [[t("setting")], [t("onServer")], [t("configured")]],
			stream.drift.map((one) => [one.setting, String(one.server ?? none), String(one.configuration ?? none)]), none),
		Object.keys(stream.consumers).length > 0 && table(named(t("consumers")),
			[[t("consumer")], [t("pending"), "n"], [t("ackPending"), "n"], [t("redelivered"), "n"], [t("oldest"), "n"]],
			Object.entries(stream.consumers).map(([consumer, one]) => [browse(consumer, consumer), number(one.pending), number(one.ackPending),
				number(one.redelivered), one.oldestAge ? duration(one.oldestAge) : none]), none));
}

function drift(differences) {
	if (!differences) {
		return h("span", { class: "chip" }, t("unknownDrift"));
	}
	return h("span", { class: `chip ${differences.length ? "warn" : "good"}` }, differences.length ? t("drift") : t("noDrift"));
}
