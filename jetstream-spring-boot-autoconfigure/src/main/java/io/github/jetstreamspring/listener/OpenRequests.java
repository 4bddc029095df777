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

package io.github.jetstreamspring.listener;

import java.util.HashMap;
import java.util.Map;

/**
 * The requests for messages that the server may still answer, not safe for threads.
 * <p>
 * The server says every now and then that a request still waits, and at last that it has
 * ended unfilled. It doesn't say that it has filled one, nor that it has dropped one: it
 * does so when more requests wait than the consumer's {@code max-pull-waiting}, and when
 * one comes while the consumer's leader changes. So a request that nothing has been heard
 * of for a while is either filled or lost.
 */
final class OpenRequests {

	private final Map<Long, Request> requests = new HashMap<>();

	private long last;

	/**
	 * Adds a request.
	 * @param count the number of messages
	 * @param now the current {@link System#nanoTime()}
	 * @return the request
	 */
	Request add(int count, long now) {
		Request request = new Request(++this.last, count, now);
		this.requests.put(request.number, request);
		return request;
	}

	/**
	 * The server has said that a request still waits.
	 * @param number the request's number
	 * @param now the current {@link System#nanoTime()}
	 */
	void heard(long number, long now) {
		Request request = this.requests.get(number);
		if (request != null) {
			request.heardNanos = now;
		}
	}

	/**
	 * A request has ended.
	 * @param number the request's number
	 */
	void end(long number) {
		this.requests.remove(number);
	}

	/**
	 * Forgets all requests.
	 */
	void clear() {
		this.requests.clear();
	}

	/**
	 * Forgets the requests that nothing has been heard of for a while.
	 * @param since a {@link System#nanoTime()} in the past
	 * @return the most messages that the other requests can bring
	 */
	long forgetSilent(long since) {
		this.requests.values().removeIf((request) -> request.heardNanos - since < 0);
		return this.requests.values().stream().mapToLong(Request::count).sum();
	}

	/**
	 * A request for messages.
	 */
	static final class Request {

		private final long number;

		private final int count;

		private long heardNanos;

		private Request(long number, int count, long now) {
			this.number = number;
			this.count = count;
			this.heardNanos = now;
		}

		long number() {
			return this.number;
		}

		int count() {
			return this.count;
		}

	}

}
