import { live, signIn, user } from "./api.js";
import { h, render } from "./dom.js";
import { clock } from "./format.js";
import { choose, language, languages, t } from "./text.js";
import { toast } from "./ui.js";
import * as overview from "./overview.js";
import * as queues from "./queues.js";
import * as listeners from "./listeners.js";
import * as letters from "./letters.js";
import * as messages from "./messages.js";
import * as fleet from "./fleet.js";
import * as schedules from "./schedules.js";
import * as activity from "./activity.js";

const pages = { overview, queues, listeners, "dead-letters": letters, schedules, instances: fleet, activity, messages };
const titles = { "dead-letters": "letters" };
const element = (id) => document.getElementById(id);

let page, now, application, visit = 0, lostSince;

function frame(name) {
	document.documentElement.lang = language();
	element("skip").textContent = t("skip");
	element("skip").onclick = (event) => {
		event.preventDefault();
		element("main").focus();
	};
	const part = name === "messages" ? "queues" : name;
	render(element("nav"), Object.keys(pages).filter((key) => key !== "messages").map((key) =>
		h("a", { href: `#/${key}`, "aria-current": key === part ? "page" : null }, t(titles[key] || key))));
	render(element("language"), languages().map(([key, title]) => h("option", { value: key }, title)));
	element("language").value = language();
	element("language").onchange = () => {
		choose(element("language").value);
		show();
	};
}

// #/page/part?key=value
function address() {
	const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
	const [name, ...parts] = (path || "overview").split("/");
	return { name, parts: parts.map(decode), parameters: Object.fromEntries(new URLSearchParams(query || "")) };
}

function decode(text) {
	try {
		return decodeURIComponent(text);
	}
	catch {
		return text;
	}
}

async function show(event) {
	const { name, parts, parameters } = address();
	const mine = ++visit;
	page?.close?.();
	page = undefined;
	document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
	frame(name);
	const title = t(titles[name] || name);
	document.title = [...parts, pages[name] ? title : "", application, "JetStream"].filter(Boolean).join(" · ");
	const main = h("div", { class: "page" });
	render(element("main"));
	element("main").append(main);
	if (!pages[name]) {
		main.append(h("h1", {}, t("unknownPage")));
		return;
	}
	const shown = pages[name].show(main, parts, parameters, now);
	page = shown;
	if (event && mine === visit) {
		element("main").focus({ preventScroll: true });
		scrollTo(0, 0);
	}
}

function onUpdate(update) {
	now = update;
	page?.update?.(now);
}

function onState(state, failure) {
	if (lostSince && state !== "lost") {
		// What has restarted knows neither the token nor perhaps the rights from before
		signIn().then(() => page?.update?.(now), () => {});
	}
	render(element("live"), h("span", { class: `chip ${state === "lost" ? "bad" : "good"}` }, t(state)));
	lostSince = state === "lost" ? lostSince || new Date() : undefined;
	element("banner").hidden = !lostSince;
	if (lostSince) {
		element("banner").textContent = failure.status === 401 || failure.status === 403 ? t("signedOut")
			: t("lostSince", { time: clock(lostSince) });
	}
}

async function start() {
	try {
		application = (await signIn()).application;
		element("application").textContent = application || "JetStream";
		element("user").textContent = user() || "";
	}
	catch (failure) {
		toast(t("problem", { detail: failure.message }), true);
	}
	addEventListener("hashchange", show);
	show();
	live(onUpdate, onState);
}

start();
