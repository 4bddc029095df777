import { h, svg } from "./dom.js";
import { clock } from "./format.js";
import { t } from "./text.js";

const height = 150, left = 46, bottom = 20, top = 8;

// bars on each other, or lines; series: [{ name, title }]; one sample for each time
export function chart(title, samples, series, lines, format) {
	const sum = (sample) => series.reduce((all, { name }) => lines ? Math.max(all, sample[name] || 0) : all + sample[name], 0);
	const most = Math.max(...samples.map(sum), 0);
	if (!most) {
		return h("div", { class: "empty" }, t("nothingYet"));
	}
	// Letters aren't squeezed on a phone
	const width = Math.max(260, Math.min(600, document.documentElement.clientWidth - 60));
	const ceiling = niceCeiling(most);
	const y = (value) => height - bottom - value / ceiling * (height - bottom - top);
	const step = (width - left) / samples.length;
	const x = (i) => left + i * step;
	const sums = series.map(({ name, title: label }) => `${label} ${format(lines
		? Math.max(...samples.map((sample) => sample[name] || 0)) : samples.reduce((all, sample) => all + sample[name], 0))}`);
	return h("figure", { class: "figure" }, svg("svg", {
		class: "chart", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img",
		"aria-label": t("chartSum", { title, sums: sums.join(", ") })
	},
		[0, 0.5, 1].map((part) => [
			svg("line", { class: "grid", x1: left, x2: width, y1: y(ceiling * part), y2: y(ceiling * part) }),
			svg("text", { x: left - 5, y: y(ceiling * part) + 4, "text-anchor": "end" }, format(ceiling * part))]),
		[0, 1, 2, 3].map((quarter) => Math.floor(samples.length * quarter / 4)).map((i) =>
			svg("text", { x: x(i), y: height - 5 }, clock(new Date(samples[i].time)))),
		lines ? series.map(({ name }, s) => svg("path", { class: `l${s + 1}`, d: path(samples, name, (i) => x(i) + step / 2, y) }))
			: samples.map((sample, i) => bar(sample, series, x(i), step, y, format))),
	h("ul", { class: "legend" }, series.map(({ title: label }, s) => h("li", {}, h("i", { class: `b${s + 1}` }), label))));
}

function bar(sample, series, x, step, y, format) {
	let from = 0;
	const text = series.map(({ name, title }) => `${title} ${format(sample[name])}`).join(", ");
	return svg("g", {}, svg("title", {}, `${clock(new Date(sample.time))}: ${text}`), series.map(({ name }, s) => {
		const value = sample[name];
		const rect = value > 0 && svg("rect", {
			class: `s${s + 1}`, x: x + step * 0.1, width: step * 0.8, y: y(from + value), height: Math.max(0.5, y(from) - y(from + value))
		});
		from += value;
		return rect;
	}));
}

// With gaps where nothing ran
function path(samples, name, x, y) {
	let draw = "M";
	return samples.map((sample, i) => {
		if (sample[name] === undefined) {
			draw = "M";
			return "";
		}
		const alone = draw === "M" && samples[i + 1]?.[name] === undefined;
		const point = `${draw}${x(i).toFixed(1)} ${y(sample[name]).toFixed(1)}${alone ? "h2" : ""}`;
		draw = "L";
		return point;
	}).join("") || "M0 0";
}

function niceCeiling(value) {
	const power = 10 ** Math.floor(Math.log10(value));
	return [1, 2, 4, 5, 10].map((factor) => factor * power).find((ceiling) => ceiling >= value);
}
