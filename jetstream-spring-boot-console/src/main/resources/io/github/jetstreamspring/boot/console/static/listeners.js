import { get, mayChange, post, segment } from "./api.js";
import { h, render, table } from "./dom.js";
import { duration, none, number, time } from "./format.js";
import { charts, chooser, windows } from "./overview.js";
import { t } from "./text.js";
import { ask, attempt, chip, hash, link, shortName } from "./ui.js";

export function show(main, parts, parameters, first) {
	return parts.length ? one(main, parts[0], parameters, first) : all(main, first);
}

function all(main, first) {
	const draw = (now) => render(main, h("h1", {}, t("listeners")), now ? [
		table(t("listeners"), [[t("listener")], [t("state")], [t("stream")], [t("consumer")], [t("busy"), "n"], [t("inHand"), "n"],
			[t("lastHandled")], [t("lastError")], [t("reason"), "wide"]],
		Object.entries(now.listeners).map(([id, listener]) => [link(hash("listeners", [id]), id), chip(listener.state), listener.stream,
			listener.consumer, t("of", { n: number(listener.busy), all: number(listener.concurrency) }), number(listener.inHand),
			time(listener.lastHandled), time(listener.lastError?.time), listener.reason || none]), t("noListeners"))
	] : h("p", { class: "soft" }, t("loading")));
	draw(first);
	return { update: draw };
}

function one(main, id, parameters, first) {
	let settings, jobs, history, timer, closed, problem;
	let listener = first?.listeners[id];
	const window = windows.includes(parameters.window) ? parameters.window : windows[0];
	const draw = () => {
		if (!listener) {
			render(main, h("h1", {}, id), h("p", { class: "soft" }, problem || t("loading")));
			return;
		}
		const facts = [[t("stream"), listener.stream], [t("consumer"), listener.consumer],
			[t("busy"), t("of", { n: number(listener.busy), all: number(listener.concurrency) })], [t("inHand"), number(listener.inHand)],
			[t("lastHandled"), time(listener.lastHandled)]];
		render(main, h("p", {}, link(hash("listeners"), `← ${t("listeners")}`)),
			h("h1", {}, id, " ", chip(listener.state)),
			listener.reason && h("p", { class: "note warn" }, listener.reason),
			listener.unstored && h("p", { class: "note bad" }, `${t("unstored")}: ${number(listener.unstored)}`),
			mayChange() ? actions(id, listener, load) : h("p", { class: "soft" }, t("readOnly")),
			h("div", { class: "cards" }, facts.map(([title, value]) => h("dl", { class: "card" }, h("dt", {}, title), h("dd", {}, value)))),
			listener.lastError && h("p", { class: "note bad" }, t("lastError"), " ", time(listener.lastError.time), ": ", listener.lastError.failure),
			h("div", { class: "actions" }, chooser(window, (name) => {
				location.hash = hash("listeners", [id], { window: name });
			})),
			history?.tallies.length > 0 && charts(history.tallies),
			h("h2", {}, t("jobs")),
			jobs && currentJobs(jobs, load),
			h("h2", {}, t("failures")),
			table(t("failures"), [[t("exception")], [t("text"), "wide"], [t("count"), "n"], [t("last")]],
				(history?.failures || []).map((group) => [link(hash("dead-letters", [], { consumer: listener.consumer, exception: group.exception }),
					h("span", { title: group.exception }, shortName(group.exception))), group.message || none, number(group.count), time(group.last)]), t("noFailures")),
			h("h2", {}, t("settings")),
			settings && table(t("settings"), [[t("setting")], [t("value")], [t("source"), "wide"]],
				Object.entries(settings).map(([key, { value, source }]) => [key, text(value), source]), none));
	};
	const load = async () => {
		clearTimeout(timer);
		try {
			const [fresh, tallies] = await Promise.all([get(`jetstream/${segment(id)}`), get("history", { listener: id, window })]);
			listener = fresh;
			({ settings, jobs } = fresh);
			history = tallies;
		}
		catch (failure) {
			problem = failure.message;
		}
		if (!closed) {
			draw();
			timer = setTimeout(load, 5000);
		}
	};
	draw();
	load();
	return {
		update(now) {
			listener = now.listeners[id] || listener;
			draw();
		},
		close() {
			closed = true;
			clearTimeout(timer);
		}
	};
}

function currentJobs(jobs, load) {
	return table(t("jobs"), [[t("messageId")], [t("subject")], [t("sequence"), "n"], [t("attempts"), "n"], [t("runs"), "n"], [t("action")]],
		jobs.map((job) => [job.id || none, job.subject, job.sequence, number(job.attempt),
			job.running ? h("span", { title: job.started }, duration(job.running)) : t("waits"),
			job.cancelled ? h("span", { class: "chip warn" }, t("cancelled")) : cancelButton(job.id, load)]), t("noJobs"));
}

// Without an id nobody can say which one
export function cancelButton(id, done) {
	return mayChange() && id && h("button", {
		class: "danger cancel", id: `cancel-${id}`, "aria-label": `${t("cancelJob")} ${id}`, onclick: async (event) => {
			const button = event.target;
			if (await ask(t("cancelTitle", { id }), t("cancelText"), t("cancelJob"), true)) {
				await attempt(button, `${t("cancelJob")} ${id}`, () => post(`jetstream/jobs/${segment(id)}`, { action: "cancel" }));
				await done();
			}
		}
	}, t("cancelJob"));
}

function text(value) {
	if (value === undefined || value === null) {
		return none;
	}
	return /^P[\dT]/.test(value) ? h("span", { title: value }, duration(value)) : String(value);
}

function actions(id, listener, load) {
	const change = async (event, body) => {
		await attempt(event.target, `${body.action} ${id}`, () => post(`jetstream/${segment(id)}`, body));
		await load();
	};
	const button = (name, action, enabled) => h("button", { id: name, onclick: action, disabled: !enabled }, t(name));
	const stopped = listener.state === "STOPPED";
	return h("div", { class: "actions" },
		button("pause", (event) => pause(id).then((body) => body && change(event, body)), !stopped && listener.state !== "PAUSED"),
		button("resume", (event) => change(event, { action: "resume" }), listener.state === "PAUSED"),
		button("stop", async (event) => {
			if (await ask(t("stopTitle", { id }), t("stopText", { n: number(listener.inHand) }), t("stop"), true)) {
				await change(event, { action: "stop" });
			}
		}, !stopped),
		button("start", (event) => change(event, { action: "start" }), stopped),
		h("button", {
			id: "concurrency", onclick: async (event) => {
				const input = h("input", { type: "number", min: "1", max: "100000", value: listener.concurrency, required: true, id: "concurrency-value" });
				const values = await ask(t("concurrencyTitle", { id }), t("concurrencyText"), t("change"), false,
					[{ name: "concurrency", label: t("concurrency"), input }]);
				if (values) {
					await change(event, { action: "concurrency", concurrency: Number(values.concurrency) });
				}
			}
		}, `${t("concurrency")}: ${number(listener.concurrency)}`));
}

async function pause(id) {
	const scope = h("select", { id: "pause-scope" }, ["instance", "fleet"].map((name) => h("option", { value: name }, t(name))));
	const length = h("input", { id: "pause-duration", value: "30m", pattern: "(\\d+(ms|s|m|h|d))|(P.+)", required: true });
	const values = await ask(t("pauseTitle", { id }), "", t("pause"), false,
		[{ name: "scope", label: t("pauseWhere"), input: scope }, { name: "duration", label: t("forHow"), input: length }],
		({ scope: where }) => {
			length.disabled = where !== "fleet";
		});
	return values && { action: "pause", scope: values.scope, ...values.scope === "fleet" ? { duration: values.duration } : {} };
}
