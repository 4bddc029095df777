import { h } from "./dom.js";
import { language } from "./text.js";

let kept = {};
function formats() {
	const name = language();
	return kept[name] ||= {
		number: new Intl.NumberFormat(name),
		digits: new Intl.NumberFormat(name, { maximumSignificantDigits: 3 }),
		exact: new Intl.DateTimeFormat(name, { dateStyle: "full", timeStyle: "long" }),
		today: new Intl.DateTimeFormat(name, { timeStyle: "medium" }),
		other: new Intl.DateTimeFormat(name, { dateStyle: "medium", timeStyle: "short" }),
		clock: new Intl.DateTimeFormat(name, { hour: "2-digit", minute: "2-digit" })
	};
}

export const none = "–";

export function number(value) {
	return value === undefined || value === null ? none : formats().number.format(value);
}

export function digits(value) {
	return value === undefined || value === null ? none : formats().digits.format(value);
}

export function bytes(value) {
	if (value === undefined || value === null) {
		return none;
	}
	const units = ["B", "kB", "MB", "GB", "TB"];
	let i = 0;
	for (; value >= 1000 && i < units.length - 1; i++) {
		value /= 1000;
	}
	return `${digits(value)} ${units[i]}`;
}

export function clock(date) {
	return formats().clock.format(date);
}

// Seconds in the unit that reads best
export function seconds(value) {
	if (value === undefined || value === null) {
		return none;
	}
	if (value < 1) {
		return `${digits(value * 1000)} ms`;
	}
	if (value < 60) {
		return `${digits(value)} s`;
	}
	const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
	const i = parts.findIndex(([size]) => value >= size);
	const first = Math.floor(value / parts[i][0]);
	const second = parts[i + 1] && Math.floor((value - first * parts[i][0]) / parts[i + 1][0]);
	return `${first} ${parts[i][1]}${second ? ` ${second} ${parts[i + 1][1]}` : ""}`;
}

// Of an ISO-8601 duration such as PT1H30M
export function duration(text) {
	const match = /^P(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/.exec(text || "");
	if (!match) {
		return text || none;
	}
	const [, days, hours, minutes, rest] = match.map((part) => Number(part || 0));
	return seconds(days * 86400 + hours * 3600 + minutes * 60 + rest);
}

// In the reader's zone, with the exact value on hover
export function time(text) {
	const date = new Date(text || NaN);
	if (isNaN(date)) {
		return none;
	}
	const today = date.toDateString() === new Date().toDateString();
	return h("time", { datetime: text, title: `${formats().exact.format(date)} (${text})` },
		formats()[today ? "today" : "other"].format(date));
}
