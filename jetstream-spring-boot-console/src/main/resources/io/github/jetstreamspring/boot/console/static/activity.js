import { get } from "./api.js";
import { h, render, table } from "./dom.js";
import { time } from "./format.js";
import { tasks } from "./tasks.js";
import { t } from "./text.js";

export function show(main, parts, parameters, first) {
	let now = first, operations, seen, closed;
	const draw = () => {
		if (!closed && operations) {
			// What is still going on is no operation yet
			const running = tasks(now, (task) => !task.ended);
			render(main, h("h1", {}, t("activity")), h("div", {}, running),
				(operations.length > 0 || !running.length) && table(t("activityCaption"), [[t("time")], [t("who")], [t("what")], [t("target"), "wide"]],
					operations.map((one) => [time(one.time), one.principal || h("span", { class: "soft" }, t("somebody")), one.operation, one.target]),
					t("noActivity")));
		}
	};
	const load = async () => {
		try {
			operations = (await get("activity")).operations;
			draw();
		}
		catch {
			// Said above all pages
		}
	};
	render(main, h("h1", {}, t("activity")), h("p", { class: "soft" }, t("loading")));
	load();
	return {
		update(fresh) {
			now = fresh;
			draw();
			if (seen !== undefined && seen !== now.activity) {
				load();
			}
			seen = now.activity;
		},
		close() {
			closed = true;
		}
	};
}
