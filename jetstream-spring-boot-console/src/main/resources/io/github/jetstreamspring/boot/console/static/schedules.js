import { get, mayChange, post, segment } from "./api.js";
import { h, render, table } from "./dom.js";
import { none, number, time } from "./format.js";
import { cancelButton } from "./listeners.js";
import { t } from "./text.js";
import { ask, attempt } from "./ui.js";

export function show(main, parts, parameters, first) {
	let now = first, delayed, problem, closed, timer;
	const draw = () => {
		if (closed) {
			return;
		}
		if (!now) {
			render(main, h("h1", {}, t("schedules")), h("p", { class: "soft" }, t("loading")));
			return;
		}
		const all = Object.entries(now.connections).flatMap(([connection, { schedules }]) =>
			Object.entries(schedules).map(([name, schedule]) => ({ connection, name, ...schedule })));
		render(main, h("h1", {}, t("schedules")),
			table(t("schedules"), [[t("schedule")], [t("expression")], [t("subject")], [t("last")], [t("next")], [t("action")]], all.map((one) =>
				[one.name, [one.expression, one.timeZone && ` (${one.timeZone})`], one.subject || none, time(one.last), time(one.next),
					mayChange() && h("button", { id: `run-${one.connection}-${one.name}`, onclick: (event) => run(event, one) }, t("runNow"))]), t("noSchedules")),
			h("h2", {}, t("delayed")),
			problem && h("p", { class: "note bad" }, problem),
			delayed ? table(t("delayed"), [[t("messageId")], [t("subject")], [t("stream")], [t("due")], [t("attempts"), "n"], [t("action")]],
				delayed.jobs.map((job) => [job.id || none, job.subject || none, job.stream, time(job.due), number(job.attempts),
					cancelButton(job.id, load)]), t("noDelayed")) : !problem && h("p", { class: "soft" }, t("loading")),
			delayed?.more && h("p", { class: "soft" }, t("moreDelayed", { n: number(delayed.jobs.length) })));
	};
	const load = async () => {
		clearTimeout(timer);
		try {
			delayed = await get("jetstream/jobs/delayed");
			problem = undefined;
		}
		catch (failure) {
			problem = failure.message;
		}
		draw();
		if (!closed) {
			timer = setTimeout(load, 10000);
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

async function run(event, { name, connection, subject }) {
	const button = event.target;
	if (await ask(t("runTitle", { name }), t("runText", { subject }), t("runNow"), false)) {
		await attempt(button, `${t("runNow")} ${name}`, () => post(`jetstream/schedules/${segment(name)}`, { action: "run", connection }));
	}
}
