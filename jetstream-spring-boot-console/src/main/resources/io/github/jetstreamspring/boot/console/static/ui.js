import { h } from "./dom.js";
import { t } from "./text.js";

// Says something in passing
export function toast(text, failed) {
	const message = h("p", { class: failed && "bad" }, text);
	const all = document.getElementById("toasts");
	all.append(message);
	while (all.childNodes.length > 4) {
		all.firstChild.remove();
	}
	setTimeout(() => message.remove(), failed ? 20000 : 8000);
}

// Asks before something is done. Fields: [{ name, label, input }]; resolves to their values, or to nothing
export function ask(title, text, action, danger, fields = [], onChange) {
	return new Promise((resolve) => {
		let result;
		const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
		const form = h("form", {
			onsubmit: (event) => {
				event.preventDefault();
				result = values();
				dialog.close();
			},
			onchange: () => onChange?.(values(), form)
		}, h("h2", { id: "dialog-title" }, title), text && h("p", {}, text),
			fields.map(({ label, input, check }) => h("label", { class: check ? "check" : null }, check ? [input, label] : [label, input])),
			h("div", { class: "actions" },
				h("button", { type: "submit", id: "dialog-ok", class: danger ? "danger" : "main" }, action),
				h("button", { type: "button", id: "dialog-cancel", autofocus: danger, onclick: () => dialog.close() }, t("cancel"))));
		const values = () => Object.fromEntries(fields.map(({ name, input }) =>
			[name, input.type === "checkbox" ? input.checked : input.value]));
		dialog.append(form);
		dialog.addEventListener("close", () => {
			dialog.remove();
			resolve(result);
		});
		document.body.append(dialog);
		dialog.showModal();
		onChange?.(values(), form);
	});
}

// Does something, and says what came of it
export async function attempt(button, what, action, text = "success") {
	button.disabled = true;
	try {
		const result = await action();
		toast(t(text, { what }));
		return result;
	}
	catch (failure) {
		toast(t("problem", { detail: failure.message }), true);
	}
	finally {
		button.disabled = false;
	}
}

const styles = { RUNNING: "good", CONNECTED: "good", PAUSED: "warn", STARTING: "warn", STOPPING: "warn", RECOVERING: "bad", CIRCUIT_OPEN: "bad",
	FAILED: "bad", DISCONNECTED: "bad", RECONNECTING: "bad", CLOSED: "bad" };

export function chip(state) {
	return h("span", { class: `chip ${styles[state] || ""}` }, state);
}

// Of an exception
export const shortName = (name) => name && name.split(".").pop();

export function link(hash, text) {
	return h("a", { href: hash }, text);
}

export function hash(page, parts = [], parameters = {}) {
	const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)).toString();
	return "#/" + [page, ...parts.map(encodeURIComponent)].join("/") + (query ? "?" + query : "");
}
