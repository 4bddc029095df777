/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.boot.console;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Tells requests of the page itself from those that other pages make a browser send.
 */
final class RequestCheck {

	/**
	 * The header of writing requests, which other origins can't send.
	 */
	static final String HEADER = "X-JetStream-Console";

	private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

	private final boolean writable;

	private final boolean signedIn;

	private final List<String> allowedHosts;

	/**
	 * Creates a check.
	 * @param writable whether anything can be changed at all
	 * @param signedIn whether only people who have signed in may look
	 * @param allowedHosts names by which this machine may be called
	 */
	RequestCheck(boolean writable, boolean signedIn, List<String> allowedHosts) {
		this.writable = writable;
		this.signedIn = signedIn;
		this.allowedHosts = allowedHosts.stream().map((host) -> host.toLowerCase(Locale.ROOT)).toList();
	}

	/**
	 * Checks any request.
	 * @return what is wrong, or {@code null}
	 */
	@Nullable String problem(ConsoleRequest request) {
		if (ConsoleHandler.isForApi(request) && request.isReading() && isOfOtherPage(request)) {
			return "This request comes from another page, by its header Sec-Fetch-Site";
		}
		if (request.principal() != null) {
			return null;
		}
		if (this.signedIn) {
			return "Nobody has signed in, and Spring Security lets strangers come here: have it protect this path,"
					+ " or set jetstream.console.enabled=true if something else does";
		}
		if (!request.loopback() || isOwnName(host(request.header().apply("Host")))) {
			return null;
		}
		// Somebody may have made a name of theirs lead to this machine
		return "This machine isn't known by the name in the header Host."
				+ " If it is right, add it to jetstream.console.allowed-hosts";
	}

	// Whatever an application allows to other pages, it hasn't thought of these.
	// Following
	// a link is something else
	private static boolean isOfOtherPage(ConsoleRequest request) {
		String site = request.header().apply("Sec-Fetch-Site");
		return site != null && !site.equals("same-origin") && !site.equals("none")
				&& !"navigate".equals(request.header().apply("Sec-Fetch-Mode"));
	}

	/**
	 * Checks a request that changes something.
	 * @return what is wrong, or {@code null}
	 */
	@Nullable String writeProblem(ConsoleRequest request) {
		if (!this.writable) {
			return "Nothing can be changed here: jetstream.console.access is read-only";
		}
		String contentType = request.header().apply("Content-Type");
		if (contentType == null || !isJson(contentType)) {
			return "A request that changes something has the content type application/json";
		}
		if (request.header().apply(HEADER) == null) {
			return "A request that changes something has the header " + HEADER;
		}
		if (!isOwnOrigin(request)) {
			return "This request doesn't come from the console's own page, by its header Origin";
		}
		return null;
	}

	private static boolean isJson(String contentType) {
		int end = contentType.indexOf(';');
		return ((end < 0) ? contentType : contentType.substring(0, end)).strip().equalsIgnoreCase("application/json");
	}

	// Behind a proxy the header Host may be another one, but then the browser says itself
	// whether the page is of the same origin
	private boolean isOwnOrigin(ConsoleRequest request) {
		String origin = request.header().apply("Origin");
		String site = request.header().apply("Sec-Fetch-Site");
		if (origin == null || origin.equals("null") || (site != null && !site.equals("same-origin"))) {
			return false;
		}
		String authority = authority(origin);
		return site != null || authority != null && (authority.equalsIgnoreCase(request.header().apply("Host"))
				|| this.allowedHosts.contains(host(authority)));
	}

	private static @Nullable String authority(String origin) {
		try {
			return URI.create(origin).getRawAuthority();
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private boolean isOwnName(@Nullable String host) {
		return host != null && (host.equals("localhost") || host.endsWith(".localhost")
				|| ADDRESS.matcher(host).matches() || this.allowedHosts.contains(host));
	}

	// Without the port
	private static @Nullable String host(@Nullable String authority) {
		return (authority != null) ? authority.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT) : null;
	}

}
