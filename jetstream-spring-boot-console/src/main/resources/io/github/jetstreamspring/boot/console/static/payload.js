import { h } from "./dom.js";
import { bytes } from "./format.js";
import { t } from "./text.js";

const mostNodes = 5000, mostDepth = 40;

// The payload as JSON tree, text or hex
export function payload(letter, view, choose) {
	if (letter.payloadText === "******") {
		return h("p", { class: "note warn" }, t("hidden"));
	}
	if (!letter.payloadSize) {
		return h("div", { class: "panel empty" }, t("emptyPayload"));
	}
	const tree = letter.payloadText !== undefined && parse(letter.payloadText);
	const views = [tree && "asTree", letter.payloadText !== undefined && "asText", "asHex"].filter(Boolean);
	const shown = views.includes(view) ? view : views[0];
	return [
		h("div", { class: "actions", role: "group", "aria-label": t("payload") }, views.map((name) =>
			h("button", { id: name, class: name === shown ? "main" : null, "aria-pressed": String(name === shown), onclick: () => choose(name) }, t(name)))),
		letter.payloadTruncated && h("p", { class: "note warn" }, t("truncated", { size: bytes(letter.payloadSize) })),
		h("div", { class: "panel", id: `payload-${shown}`, tabindex: "0", role: "region", "aria-label": t("payload") }, shown === "asTree" ? h("div", { class: "json" }, node(null, tree.value, 0, { left: mostNodes }))
			: h("pre", {}, shown === "asText" ? letter.payloadText : hex(letter)))
	];
}

function parse(text) {
	try {
		const value = JSON.parse(text);
		return typeof value === "object" && value !== null && { value };
	}
	catch {
		// It is some other text
	}
}

function node(key, value, depth, budget) {
	const label = key !== null && [h("span", { class: "key" }, key), ": "];
	if (budget.left-- <= 0 || depth > mostDepth) {
		return h("div", { class: "leaf" }, label, "…");
	}
	if (typeof value !== "object" || value === null) {
		return h("div", { class: "leaf" }, label, h("span", { class: typeof value === "string" ? "text" : "number" }, JSON.stringify(value)));
	}
	const list = Array.isArray(value);
	const children = [];
	for (const [name, child] of Object.entries(value)) {
		if (budget.left <= 0) {
			children.push(h("div", { class: "leaf" }, "…"));
			break;
		}
		children.push(node(name, child, depth + 1, budget));
	}
	return h("details", { open: depth < 3 }, h("summary", {}, label, list ? `[${value.length}]` : `{${Object.keys(value).length}}`), children);
}

function hex(letter) {
	const all = letter.payloadText !== undefined ? new TextEncoder().encode(letter.payloadText)
		: Uint8Array.from(atob(letter.payloadBase64), (character) => character.charCodeAt(0));
	const lines = [];
	for (let i = 0; i < all.length; i += 16) {
		const part = [...all.slice(i, i + 16)];
		lines.push(`${i.toString(16).padStart(6, "0")}  ${part.map((octet) => octet.toString(16).padStart(2, "0")).join(" ").padEnd(47)}  ${
			part.map((octet) => octet > 31 && octet < 127 ? String.fromCharCode(octet) : ".").join("")}`);
	}
	return lines.join("\n");
}
