import { mayChange, post } from "./api.js";
import { h } from "./dom.js";
import { number, time } from "./format.js";
import { t } from "./text.js";
import { attempt, hash, link } from "./ui.js";

// Changes when there are others than before, or fewer letters
export function state(now) {
	return JSON.stringify((now?.tasks || []).map((task) => [task.id, task.state, task.progress]));
}

// What is done with many letters, and how far it is
export function tasks(now, which = () => true) {
	return (now?.tasks || []).filter(which).slice(0, 5).map((task) => {
		const { redriven, discarded, failed, failures } = task.progress;
		const done = redriven ?? discarded ?? 0;
		const past = done + (failed || 0);
		// How many there are was counted before it began, and is known of those that began here
		const all = task.expected && Math.max(task.expected, past);
		return h("section", { class: "panel task", id: `task-${task.id}` },
			h("p", {}, h("strong", {}, t(task.action)), " ", Object.entries(task.parameters).filter(([name]) => name !== "until").map(([name, value]) => `${name}=${value}`).join(", "),
				" · ", time(task.started), task.principal && ` · ${task.principal}`),
			!task.ended && h("progress", { "aria-label": t(task.action), max: all, value: all && past }),
			h("p", {}, h("span", { class: `chip ${{ done: "good", failed: "bad", cancelled: "warn" }[task.state] || ""}` }, t(task.state)), " ",
				t("taskDone", { n: all ? t("of", { n: number(done), all: number(all) }) : number(done) }),
				failed > 0 && ` · ${t("taskFailed", { n: number(failed) })}`, task.ended && [" · ", time(task.ended)], task.detail && ` · ${task.detail}`),
			failed > 0 && h("details", {}, h("summary", {}, t("whyFailed", { n: number(failures.length) })), h("ul", {}, failures.map(({ sequence, reason }) =>
				h("li", {}, link(hash("dead-letters", [String(sequence)], { connection: task.parameters.connection }), sequence), `: ${reason}`)))),
			!task.ended && mayChange() && h("button", { id: `cancel-${task.id}`, onclick: (event) => attempt(event.target, t("cancel"), () =>
				post(`tasks/${task.id}`, { action: "cancel" })) }, t("cancel")));
	});
}
