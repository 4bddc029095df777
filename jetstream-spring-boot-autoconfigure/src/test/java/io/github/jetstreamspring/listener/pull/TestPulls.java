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

package io.github.jetstreamspring.listener.pull;

import java.time.Duration;

/**
 * Lets tests of other packages play the flow and the server.
 */
public final class TestPulls {

	private static final Duration EXPIRY = Duration.ofSeconds(5);

	private TestPulls() {
	}

	/**
	 * Asks for what a credit allows.
	 * @param credit the credit
	 * @param most the most messages to ask for
	 * @return the number of messages asked for
	 */
	public static int ask(Credit credit, int most) {
		OpenRequests.Request request = credit.claim(most, Long.MAX_VALUE, EXPIRY);
		return (request != null) ? request.count() : 0;
	}

	/**
	 * Has a message come that was asked for.
	 * @param credit the credit
	 */
	public static void receive(Credit credit) {
		credit.received(100);
	}

}
