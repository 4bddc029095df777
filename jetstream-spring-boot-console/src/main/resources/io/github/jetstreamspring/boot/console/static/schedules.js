import { mayChange, post, segment } from "./api.js";
import { h, render, table } from "./dom.js";
import { none, time } from "./format.js";
import { t } from "./text.js";
import { ask, attempt } from "./ui.js";

export function show(main, parts, parameters, first) {
	const draw = (now) => {
		if (!now) {
			render(main, h("h1", {}, t("schedules")), h("p", { class: "soft" }, t("loading")));
			return;
		}
		const all = Object.entries(now.connections).flatMap(([connection, { schedules }]) =>
			Object.entries(schedules).map(([name, schedule]) => ({ connection, name, ...schedule })));
		render(main, h("h1", {}, t("schedules")),
			table(t("schedules"), [[t("schedule")], [t("expression")], [t("subject")], [t("last")], [t("next")], [""]], all.map((one) =>
				[one.name, [one.expression, one.timeZone && ` (${one.timeZone})`], one.subject || none, time(one.last), time(one.next),
					mayChange() && h("button", { id: `run-${one.connection}-${one.name}`, onclick: (event) => run(event, one) }, t("runNow"))]), t("noSchedules")));
	};
	draw(first);
	return { update: draw };
}

async function run(event, { name, connection, subject }) {
	const button = event.target;
	if (await ask(t("runTitle", { name }), t("runText", { subject }), t("runNow"), false)) {
		await attempt(button, `${t("runNow")} ${name}`, () => post(`jetstream/schedules/${segment(name)}`, { action: "run", connection }));
	}
}
