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
import java.time.Instant;

import io.github.jetstreamspring.listener.Delivery;
import io.nats.client.impl.Headers;

/**
 * A delivery that came from no server.
 *
 * @param streamSequence its sequence
 */
record ObservedJob(long streamSequence) implements Delivery {

	private static final Headers HEADERS = new Headers().add("Nats-Msg-Id", "job-1");

	private static final Instant PUBLISHED = Instant.now();

	@Override
	public String subject() {
		return Queue.SUBJECT;
	}

	@Override
	public String stream() {
		return Queue.STREAM;
	}

	@Override
	public String consumer() {
		return Queue.CONSUMER;
	}

	@Override
	public long attempt() {
		return 1;
	}

	@Override
	public Instant timestamp() {
		return PUBLISHED;
	}

	@Override
	public long pending() {
		return 0;
	}

	@Override
	public Headers headers() {
		return HEADERS;
	}

	@Override
	public void ack() {
	}

	@Override
	public void retry() {
	}

	@Override
	public void retry(Duration delay) {
	}

	@Override
	public void deadLetter(String reason) {
	}

	@Override
	public void discard(String reason) {
	}

	@Override
	public void extendLease() {
	}

	@Override
	public boolean isDeclined() {
		return false;
	}

}
