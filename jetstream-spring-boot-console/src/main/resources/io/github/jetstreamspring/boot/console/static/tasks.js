import { mayChange, post } from "./api.js";
import { h } from "./dom.js";
import { number, time } from "./format.js";
import { t } from "./text.js";
import { attempt } from "./ui.js";

// Changes when there are others than before, or fewer letters
export function state(now) {
	return JSON.stringify((now?.tasks || []).map((task) => [task.id, task.state, task.progress]));
}

// What is done with many letters, and how far it is
export function tasks(now) {
	return (now?.tasks || []).slice(0, 5).map((task) => {
		const { matched, redriven, discarded, failed, failures } = task.progress;
		const done = redriven ?? discarded ?? 0;
		return h("section", { class: "panel task", id: `task-${task.id}` },
			h("p", {}, h("strong", {}, t(task.action)), " ", Object.entries(task.parameters).filter(([name]) => name !== "until").map(([name, value]) => `${name}=${value}`).join(", "),
				" · ", time(task.started), task.principal && ` · ${task.principal}`),
			!task.ended && h("progress", { "aria-label": t(task.action) }),
			h("p", {}, h("span", { class: `chip ${{ done: "good", failed: "bad", cancelled: "warn" }[task.state] || ""}` }, t(task.state)), " ",
				t("taskDone", { n: number(done) }), matched !== undefined && ` · ${t("looked", { n: number(matched) })}`,
				failed > 0 && ` · ${t("taskFailed", { n: number(failed) })}: ${failures?.[0]?.sequence}: ${failures?.[0]?.reason}`,
				task.detail && ` · ${task.detail}`),
			!task.ended && mayChange() && h("button", { id: `cancel-${task.id}`, onclick: (event) => attempt(event.target, t("cancel"), () =>
				post(`tasks/${task.id}`, { action: "cancel" })) }, t("cancel")));
	});
}
