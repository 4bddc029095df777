import { get, mayChange, post } from "./api.js";
import { h, render, table } from "./dom.js";
import { none, number, time } from "./format.js";
import { payload } from "./payload.js";
import { t } from "./text.js";
import { state, tasks } from "./tasks.js";
import { ask, attempt, hash, link, shortName, toast } from "./ui.js";

const filters = ["consumer", "stream", "subject", "reason", "exception", "since", "until"];
const pageSize = 50, sumUpBelow = 20000;

export function show(main, parts, parameters, first) {
	return parts.length ? one(main, parts[0], parameters) : all(main, parameters, first);
}

function all(main, parameters, first) {
	const query = Object.fromEntries(filters.filter((name) => parameters[name]).map((name) => [name, parameters[name]]));
	const connection = parameters.connection;
	const selected = new Set();
	let now = first, summary, summing, page, problem, closed, busy, tried;
	const draw = () => {
		if (!closed) {
			render(main, h("h1", {}, t("letters")), connections(now, connection), search(query, connection),
				h("div", {}, tasks(now)), problem && h("p", { class: "note bad" }, problem), h("div", {}, summaryPart()), h("div", {}, list()));
		}
	};
	const summaryPart = () => {
		if (summary) {
			return summary.total > 0 && [h("h2", {}, `${t("summary")} (${number(summary.total)})`), table(t("summary"),
				[[t("consumer")], [t("exception")], [t("reason"), "wide"], [t("count"), "n"], [t("first")], [t("last")]],
				summary.groups.map((group) => [link(hash("dead-letters", [], { connection, consumer: group.consumer, stream: group.stream, exception: group.exception }),
					group.consumer || none), h("span", { title: group.exception }, shortName(group.exception) || none),
				h("span", { class: "short", title: group.reason }, group.reason || none), number(group.count), time(group.first), time(group.last)]), none)];
		}
		const count = stored(now, connection);
		return h("div", { class: "actions" }, count > 0 && h("span", {}, t("sumUpText", { n: number(count) })),
			h("button", { id: "sum-up", disabled: summing, onclick: sumUp }, t("sumUp")), summing && h("progress", { "aria-label": t("sumUp") }));
	};
	const list = () => {
		if (!page) {
			return !problem && h("p", { class: "soft" }, t("loading"));
		}
		const searched = Object.keys(query).length > 0;
		const empty = page.next !== undefined ? t("pageEmpty") : searched || parameters.from ? t("noMatches") : t("noLetters");
		return [h("h2", {}, t("found")),
			mayChange() && page.letters.length > 0 && h("div", { class: "actions" },
				h("button", { id: "redrive-selected", disabled: !selected.size, onclick: (event) => changeSelected(event, "redrive") },
					`${t("redriveSelected")} (${number(selected.size)})`),
				h("button", { id: "discard-selected", class: "danger", disabled: !selected.size, onclick: (event) => changeSelected(event, "discard") },
					`${t("discardSelected")} (${number(selected.size)})`),
				h("button", { id: "redrive-all", onclick: (event) => changeAll(event, "redrive") }, t("redriveAll")),
				h("button", { id: "discard-all", class: "danger", onclick: (event) => changeAll(event, "discard") }, t("discardAll"))),
			table(t("letters"), [...mayChange() ? [[h("input", { type: "checkbox", id: "select-all", "aria-label": t("select", { n: "*" }), onchange: selectAll })]] : [],
				[t("sequence"), "n"], [t("time")], [t("consumer")], [t("subject")], [t("exception")], [t("reason"), "wide"], [t("attempts"), "n"]],
			page.letters.map((letter) => [...mayChange() ? [h("input", {
				type: "checkbox", id: `select-${letter.sequence}`, class: "select", "aria-label": t("select", { n: letter.sequence }),
				onchange: (event) => {
					selected[event.target.checked ? "add" : "delete"](letter.sequence);
					draw();
				}
			})] : [],
			link(hash("dead-letters", [String(letter.sequence)], { connection }), letter.sequence), time(letter.time), letter.consumer || none,
			letter.originalSubject || none, h("span", { title: letter.exception }, shortName(letter.exception) || none),
			h("span", { class: "short", title: letter.reason }, letter.exceptionMessage || letter.reason || none), number(letter.attempts)]), empty),
			h("div", { class: "actions" },
				parameters.from && link(hash("dead-letters", [], { ...query, connection }), t("newer")),
				page.next !== undefined && h("a", { id: "older", href: hash("dead-letters", [], { ...query, connection, from: String(page.next) }) }, t("older")))];
	};
	const selectAll = (event) => {
		for (const box of main.querySelectorAll("input.select")) {
			box.checked = event.target.checked;
		}
		selected.clear();
		if (event.target.checked) {
			page.letters.forEach((letter) => selected.add(letter.sequence));
		}
		draw();
	};
	const changeSelected = async (event, action) => {
		const sequences = [...selected];
		if (!await (action === "discard" ? confirmDiscard(sequences.length) : confirmRedrive(sequences.length))) {
			return;
		}
		const button = event.target;
		button.disabled = true;
		let failure, done = 0;
		// One that can't be redriven doesn't keep the others from it, and stays selected
		for (const sequence of sequences) {
			try {
				await post(`jetstreamdeadletters/${sequence}`, { action, ...connection ? { connection } : {} });
				selected.delete(sequence);
				done++;
			}
			catch (problem) {
				failure ||= `${sequence}: ${problem.message}`;
			}
		}
		const result = t(`${action}n`, { n: t("of", { n: number(done), all: number(sequences.length) }) });
		toast(failure ? `${result}. ${t("problem", { detail: failure })}` : result, failure);
		await load();
	};
	// All that match and that are there now, however many pages
	const changeAll = async (event, action) => {
		const which = { ...query, ...connection ? { connection } : {} };
		const button = event.target;
		button.disabled = true;
		let found;
		try {
			// By the clock of the application, not by this one
			which.until ||= (await get("session")).time;
			found = await post("jetstreamdeadletters", { action: "redrive", dryRun: true, ...which });
		}
		catch (failure) {
			toast(t("problem", { detail: failure.message }), true);
		}
		button.disabled = false;
		if (!found) {
			return;
		}
		const n = found.matched + found.remaining;
		const rate = h("input", { id: "redrive-rate", type: "number", min: "1", placeholder: t("noRate") });
		const note = [t("selectionNote"), found.failed ? ` ${t("wouldFail", { n: number(found.failed), reason: found.failures[0]?.reason })}` : ""].join("");
		const values = action === "discard" ? await confirmDiscard(n)
			: await ask(t("redriveTitle", { n: number(n) }), note, t("redrive"), false, [{ name: "rate", label: t("rate"), input: rate }]);
		if (values) {
			await attempt(button, t("begun", { n: number(n) }), () =>
				post("tasks", { action, expected: n, ...which, ...values.rate ? { rate: Number(values.rate) } : {} }), "begunWith");
		}
	};
	const sumUp = async () => {
		summing = tried = true;
		draw();
		try {
			summary = await get("jetstreamdeadletters/summary", { connection });
		}
		catch (failure) {
			toast(t("problem", { detail: failure.message }), true);
		}
		summing = false;
		draw();
	};
	const load = async () => {
		problem = undefined;
		try {
			page = await get("jetstreamdeadletters", { ...query, connection, from: parameters.from, limit: pageSize, newestFirst: true });
		}
		catch (failure) {
			problem = failure.message;
		}
		draw();
		await sumUpFew();
	};
	const sumUpFew = async () => {
		const count = stored(now, connection);
		// Where nobody says how many there are, a page that is the only one tells that they are few
		if (!closed && !summing && page && (count ? count <= sumUpBelow : page.next === undefined && !parameters.from)) {
			await sumUp();
		}
	};
	draw();
	load();
	return {
		update(fresh) {
			now = fresh;
			const before = busy;
			busy = state(now);
			if (before !== undefined && busy !== before) {
				load();
			}
			else {
				draw();
				if (!tried) {
					sumUpFew();
				}
			}
		},
		close() {
			closed = true;
		}
	};
}

// How many there are, so far as the server has said
function stored(now, connection) {
	return now?.connections[connection || "default"]?.streams["dead-letters"]?.messages ?? 0;
}

function connections(now, connection) {
	const names = Object.keys(now?.connections || {});
	return names.length > 1 && h("p", {}, `${t("connection")}: `, names.map((name) => [h("a", {
		href: hash("dead-letters", [], { connection: name }), "aria-current": name === (connection || "default") ? "true" : null
	}, name), " "]));
}

function search(query, connection) {
	return h("form", {
		class: "actions", role: "search", onsubmit: (event) => {
			event.preventDefault();
			const values = Object.fromEntries(new FormData(event.target));
			for (const name of ["since", "until"]) {
				values[name] = values[name] && new Date(values[name]).toISOString();
			}
			location.hash = hash("dead-letters", [], { ...values, connection });
		}
	}, filters.map((name) => {
		const when = name === "since" || name === "until";
		return h("label", {}, t(name), h("input", {
			name, id: `filter-${name}`, type: when ? "datetime-local" : "search", value: when ? local(query[name]) : query[name], size: "10"
		}));
	}), h("button", { type: "submit", id: "search", class: "main" }, t("search")),
	Object.keys(query).length > 0 && link(hash("dead-letters", [], { connection }), t("clear")));
}

function local(text) {
	const date = new Date(text || NaN);
	return isNaN(date) ? "" : new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function confirmDiscard(n) {
	return ask(n === 1 ? t("discardTitle1") : t("discardTitle", { n: number(n) }), t("discardText"), t("discard"), true);
}

function confirmRedrive(n) {
	return ask(n === 1 ? t("redriveTitle1") : t("redriveTitle", { n: number(n) }), t("redriveText"), t("redrive"), false);
}

function one(main, sequence, { connection }) {
	let letter, problem, view;
	const back = h("p", {}, h("a", { href: hash("dead-letters", [], { connection }) }, `← ${t("backToAll")}`));
	const draw = () => render(main, back.cloneNode(true), h("h1", {}, t("letter", { n: sequence })),
		problem && h("p", { class: "note bad" }, problem), !letter && !problem && h("p", { class: "soft" }, t("loading")), letter && details());
	const change = async (event, action) => {
		if (await (action === "discard" ? confirmDiscard(1) : confirmRedrive(1)) && await attempt(event.target, t(`${action}n`, { n: 1 }), () =>
			post(`jetstreamdeadletters/${sequence}`, { action, ...connection ? { connection } : {} }))) {
			location.hash = hash("dead-letters", [], { connection });
		}
	};
	const details = () => [
		mayChange() ? h("div", { class: "actions" },
			h("button", { id: "redrive", class: "main", onclick: (event) => change(event, "redrive") }, t("redrive")),
			h("button", { id: "discard", class: "danger", onclick: (event) => change(event, "discard") }, t("discard"))) : h("p", { class: "soft" }, t("readOnly")),
		h("p", { class: "note bad", id: "reason" }, letter.exception && h("strong", {}, letter.exception), letter.exception && h("br"),
			letter.reason || none, letter.exceptionMessage && !letter.reason?.includes(letter.exceptionMessage) && [h("br"), letter.exceptionMessage]),
		h("h2", {}, t("timeline")),
		h("ol", {}, h("li", {}, time(letter.publishedAt), " ", t("published"), ": ", letter.originalSubject || none, letter.messageId && ` (${t("messageId")} ${letter.messageId})`),
			letter.attempts && h("li", {}, t("attemptsMade", { n: number(letter.attempts) }), ": ", letter.consumer || none),
			h("li", {}, time(letter.time), " ", t("givenUp")),
			letter.redrives > 0 && h("li", {}, `${t("redrives")}: ${number(letter.redrives)}`)),
		h("p", { class: "soft" }, `${t("original")}: ${letter.originalStream || none} / ${number(letter.originalSequence)}`),
		h("h2", {}, t("headers")),
		table(t("headers"), [[t("header")], [t("value"), "wide"]],
			Object.entries(letter.headers).flatMap(([name, values]) => values.map((value) => [name, value])), t("noHeaders")),
		h("h2", {}, t("payload")),
		payload(letter, view, (name) => {
			view = name;
			draw();
		})];
	draw();
	get(`jetstreamdeadletters/${sequence}`, { connection }).then((found) => {
		letter = found;
	}, (failure) => {
		problem = failure.message;
	}).then(draw);
	return {};
}
