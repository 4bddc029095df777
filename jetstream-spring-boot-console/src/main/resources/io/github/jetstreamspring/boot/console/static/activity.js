import { get } from "./api.js";
import { h, render, table } from "./dom.js";
import { time } from "./format.js";
import { t } from "./text.js";

export function show(main) {
	let seen, closed;
	const load = async () => {
		try {
			const { operations } = await get("activity");
			if (!closed) {
				render(main, h("h1", {}, t("activity")),
					table(t("activityCaption"), [[t("time")], [t("who")], [t("what")], [t("target"), "wide"]],
						operations.map((one) => [time(one.time), one.principal || h("span", { class: "soft" }, t("somebody")), one.operation, one.target]),
						t("noActivity")));
			}
		}
		catch {
			// Said above all pages
		}
	};
	render(main, h("h1", {}, t("activity")), h("p", { class: "soft" }, t("loading")));
	load();
	return {
		update(now) {
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
