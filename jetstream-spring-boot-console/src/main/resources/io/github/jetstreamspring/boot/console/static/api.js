// All addresses are relative: a proxy may know the page by another path
let session = {};

export class Failure extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

export async function signIn() {
	return session = await get("session");
}

export function mayChange() {
	return session.access === "unrestricted";
}

export function user() {
	return session.user;
}

export function get(path, parameters) {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters || {})) {
		if (value !== undefined && value !== null && value !== "") {
			query.append(name, value);
		}
	}
	const text = query.toString();
	return send(path + (text ? "?" + text : ""), { headers: { Accept: "application/json" } });
}

export function post(path, body) {
	const headers = { Accept: "application/json", "Content-Type": "application/json", "X-JetStream-Console": "1" };
	if (session.csrf) {
		headers[session.csrf.header] = session.csrf.token;
	}
	return send(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function send(path, options) {
	let response;
	try {
		response = await fetch("api/" + path, { ...options, credentials: "same-origin", cache: "no-store" });
	}
	catch (error) {
		throw new Failure(0, error.message);
	}
	const json = (response.headers.get("Content-Type") || "").startsWith("application/json");
	const body = json ? await response.json() : {};
	if (!response.ok) {
		throw new Failure(response.status, body.detail || `${response.status} ${response.statusText}`);
	}
	if (!json) {
		// A page to sign in on, for example
		throw new Failure(401, response.statusText);
	}
	if (body.detail !== undefined && Object.keys(body).length === 1) {
		// Nothing is known while the server is away
		throw new Failure(503, body.detail);
	}
	return body;
}

export function segment(name) {
	return encodeURIComponent(name);
}

// Server-sent events while the page can be seen, or questions where there are none
export function live(onUpdate, onState) {
	let source, timer, failures = 0;
	const ask = async () => {
		clearTimeout(timer);
		try {
			onUpdate(await get("now"));
			onState("polling");
		}
		catch (failure) {
			onState("lost", failure);
		}
		if (!source || failures) {
			clearTimeout(timer);
			timer = setTimeout(ask, 5000);
		}
	};
	const open = () => {
		close();
		if (document.hidden) {
			return;
		}
		if (failures > 2 || !window.EventSource) {
			ask();
			return;
		}
		source = new EventSource("api/live");
		source.addEventListener("now", (event) => {
			failures = 0;
			clearTimeout(timer);
			onUpdate(JSON.parse(event.data));
			onState("live");
		});
		source.onerror = () => {
			failures++;
			if (failures > 2 || source.readyState === EventSource.CLOSED) {
				failures = Math.max(failures, 3);
				open();
				// Tried again later, as it may have been a restart
				setTimeout(() => { failures = 0; open(); }, 30000);
			}
			else {
				ask();
			}
		};
	};
	const close = () => {
		clearTimeout(timer);
		source?.close();
		source = undefined;
	};
	document.addEventListener("visibilitychange", open);
	open();
}
