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

package io.github.jetstreamspring.benchmarks;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What both sides are to do.
 *
 * @param handlerTime how long the handler takes
 * @param size the bytes of a message
 * @param json whether the listener's handler takes an object, which the raw side never
 * does
 * @param confirmed whether acks are confirmed by the server
 * @param virtual whether handlers run on virtual threads
 * @param concurrency how many handlers run at once
 */
record Case(Duration handlerTime, int size, boolean json, boolean confirmed, boolean virtual, int concurrency) {

	private static final Pattern NAME = Pattern
		.compile("(noop|(\\d+)ms)-(\\d+)-(bytes|json)(-confirmed)?(-virtual)?-c(\\d+)");

	private static final int VIRTUAL_SINCE = 21;

	/**
	 * Makes a case of its name.
	 * @param name a name such as {@code noop-128-bytes-c4} or
	 * {@code 50ms-1024-json-confirmed-virtual-c1000}
	 * @return the case
	 */
	static Case parse(String name) {
		Matcher matcher = NAME.matcher(name);
		if (!matcher.matches()) {
			throw new IllegalArgumentException(
					"'%s' is no case such as noop-128-bytes-c4 or 50ms-1024-json-confirmed-virtual-c1000"
						.formatted(name));
		}
		long millis = (matcher.group(2) != null) ? Long.parseLong(matcher.group(2)) : 0;
		return new Case(Duration.ofMillis(millis), Integer.parseInt(matcher.group(3)), matcher.group(4).equals("json"),
				matcher.group(5) != null, matcher.group(6) != null, Integer.parseInt(matcher.group(7)));
	}

	boolean isRunnable() {
		return !this.virtual || Runtime.version().feature() >= VIRTUAL_SINCE;
	}

	boolean isQuick() {
		return this.handlerTime.isZero();
	}

	/**
	 * Returns how many messages can be handled in a second if nothing but the handlers
	 * takes time.
	 * @return the number, infinite for handlers that take no time
	 */
	double ideal() {
		return this.concurrency * 1e9 / this.handlerTime.toNanos();
	}

	/**
	 * Returns how many messages keep this case busy for long enough to measure it.
	 * @return the number of messages
	 */
	int messages() {
		return (int) Math.min(200_000, Math.max(ideal() * 3, this.concurrency));
	}

	@Override
	public String toString() {
		return (isQuick() ? "noop" : this.handlerTime.toMillis() + "ms") + "-" + this.size
				+ (this.json ? "-json" : "-bytes") + (this.confirmed ? "-confirmed" : "")
				+ (this.virtual ? "-virtual" : "") + "-c" + this.concurrency;
	}

}
