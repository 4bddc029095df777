// Makes elements. Whatever comes from messages becomes text, never markup.
export function h(tag, attributes, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
	return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes || {})) {
		if (value === undefined || value === null || value === false) {
			continue;
		}
		if (typeof value === "function") {
			element[name] = value;
		}
		else {
			element.setAttribute(name, value === true ? "" : value);
		}
	}
	for (const child of children.flat(Infinity)) {
		// What isn't there keeps its place, so that those after it are found again
		const missing = child === undefined || child === null || child === false;
		element.append(missing ? document.createComment("") : child instanceof Node ? child : document.createTextNode(String(child)));
	}
	return element;
}

// Makes one element like another, so that focus, selection and what is being typed stay
export function morph(old, fresh) {
	if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
		old.replaceWith(fresh);
		return;
	}
	if (old.nodeType !== Node.ELEMENT_NODE) {
		if (old.data !== fresh.data) {
			old.data = fresh.data;
		}
		return;
	}
	for (const { name } of [...old.attributes]) {
		if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) {
			old.removeAttribute(name);
		}
	}
	for (const { name, value } of [...fresh.attributes]) {
		if (old.getAttribute(name) !== value) {
			old.setAttribute(name, value);
		}
	}
	for (const handler of ["onclick", "onchange", "oninput", "onsubmit"]) {
		old[handler] = fresh[handler];
	}
	const children = [...fresh.childNodes];
	while (old.childNodes.length > children.length) {
		old.lastChild.remove();
	}
	children.forEach((child, i) => i < old.childNodes.length ? morph(old.childNodes[i], child) : old.append(child));
}

// Shows the elements in place of those before
export function render(parent, ...children) {
	const fresh = parent.cloneNode(false);
	fill(fresh, {}, children);
	for (const handler of ["onclick", "onchange", "oninput", "onsubmit"]) {
		fresh[handler] = parent[handler];
	}
	morph(parent, fresh);
}

// columns: [title, class]; rows: arrays of cells, the first of which is the head of its row
export function table(caption, columns, rows, empty) {
	if (!rows.length) {
		return h("div", { class: "panel empty" }, empty);
	}
	return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, h("table", {},
		h("caption", {}, caption),
		h("thead", {}, h("tr", {}, columns.map(([title, style]) => h("th", { scope: "col", class: style }, title)))),
		h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
			h(i ? "td" : "th", { scope: i ? null : "row", class: columns[i][1] }, cell)))))));
}
