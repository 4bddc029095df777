import { get, mayChange, post, segment } from "./api.js";
import { h, render, table } from "./dom.js";
import { bytes, none, number, time } from "./format.js";
import { payload } from "./payload.js";
import { t } from "./text.js";
import { ask, attempt, hash } from "./ui.js";

export function show(main, [stream, sequence], parameters) {
	return sequence ? one(main, stream, sequence, parameters) : all(main, stream, parameters);
}

function all(main, stream, { connection, consumer, from, subject }) {
	let page, problem, closed;
	const where = { connection, consumer };
	const draw = () => !closed && render(main, h("p", {}, h("a", { href: "#/queues" }, `← ${t("queues")}`)),
		h("h1", {}, stream, consumer && ` / ${consumer}`),
		h("p", { class: "soft" }, t("browseText")),
		h("form", {
			class: "actions", role: "search", onsubmit: (event) => {
				event.preventDefault();
				location.hash = hash("messages", [stream], { ...where, ...Object.fromEntries(new FormData(event.target)) });
			}
		}, h("label", {}, t("subject"), h("input", { name: "subject", id: "filter-subject", type: "search", value: subject })),
		h("label", {}, t("fromSequence"), h("input", { name: "from", id: "filter-from", type: "number", min: "1", value: from })),
		h("button", { type: "submit", class: "main" }, t("search"))),
		problem && h("p", { class: "note bad" }, problem),
		!page && !problem && h("p", { class: "soft" }, t("loading")),
		page && table(t("messages"), [[t("sequence"), "n"], [t("time")], [t("subject")], [t("messageId")], [t("bytes"), "n"], [t("state")]],
			page.messages.map((one) => [h("a", { href: hash("messages", [stream, String(one.sequence)], where) }, one.sequence), time(one.time), one.subject,
				one.messageId || none, bytes(one.payloadSize),
				one.delivered === undefined ? none : h("span", { class: `chip ${one.delivered ? "warn" : ""}` }, t(one.delivered ? "wasDelivered" : "pending"))]),
			t("noMessages")),
		page?.next !== undefined && h("p", {}, h("a", { id: "more", href: hash("messages", [stream], { ...where, subject, from: String(page.next) }) }, t("more"))));
	const load = async () => {
		try {
			page = await get("messages", { stream, connection, consumer, subject, from, limit: 50 });
		}
		catch (failure) {
			problem = failure.message;
		}
		draw();
	};
	draw();
	load();
	return {
		close() {
			closed = true;
		}
	};
}

function one(main, stream, sequence, { connection, consumer }) {
	let message, problem, view;
	const back = () => hash("messages", [stream], { connection, consumer });
	const remove = async (event) => {
		const button = event.target;
		if (await ask(t("removeTitle", { n: sequence }), t("removeText"), t("remove"), true)
			&& await attempt(button, t("remove"), () => post(`messages/${segment(stream)}/${sequence}`, { action: "remove", ...connection ? { connection } : {} }))) {
			location.hash = back();
		}
	};
	const draw = () => render(main, h("p", {}, h("a", { href: back() }, `← ${stream}`)),
		h("h1", {}, t("message", { n: sequence, stream })),
		problem && h("p", { class: "note bad" }, problem),
		message && [
			mayChange() ? h("div", { class: "actions" }, h("button", { id: "remove", class: "danger", onclick: remove }, t("remove")))
				: h("p", { class: "soft" }, t("readOnly")),
			h("p", {}, message.subject, " · ", time(message.time), " · ", bytes(message.payloadSize), message.messageId && ` · ${t("messageId")} ${message.messageId}`),
			h("h2", {}, t("headers")),
			table(t("headers"), [[t("header")], [t("value"), "wide"]],
				Object.entries(message.headers).flatMap(([name, values]) => values.map((value) => [name, value])), t("noHeaders")),
			h("h2", {}, t("payload")),
			payload(message, view, (name) => {
				view = name;
				draw();
			})]);
	draw();
	get(`messages/${segment(stream)}/${sequence}`, { connection }).then((found) => {
		message = found;
	}, (failure) => {
		problem = failure.message;
	}).then(draw);
	return {};
}
