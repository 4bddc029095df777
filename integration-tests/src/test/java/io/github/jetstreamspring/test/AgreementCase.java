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

package io.github.jetstreamspring.test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.jetstreamspring.test.AgreementWorkers.Job;

/**
 * A message, or several for a batch, of which harness and server must make the same.
 */
final class AgreementCase {

	private final String name;

	private final String listener;

	private final List<Object> payloads;

	private final Map<String, String> headers = new TreeMap<>();

	private long attempt = 1;

	private AgreementCase(String name, String listener, List<Object> payloads) {
		this.name = name;
		this.listener = listener;
		this.payloads = payloads;
	}

	/**
	 * A job whose handler does something.
	 */
	static AgreementCase handler(String what) {
		return of("handler " + what, "plain", new Job("bread", 1)).header("do", what);
	}

	static AgreementCase of(String name, String listener, Object... payloads) {
		List<Object> all = new ArrayList<>();
		for (Object payload : payloads) {
			all.add((payload instanceof String raw) ? raw.getBytes(StandardCharsets.UTF_8) : payload);
		}
		return new AgreementCase(name, listener, all);
	}

	AgreementCase header(String header, String value) {
		this.headers.put(header, value);
		return this;
	}

	AgreementCase attempt(long number) {
		this.attempt = number;
		return this;
	}

	String listener() {
		return this.listener;
	}

	String subject() {
		return "cases." + this.listener;
	}

	List<Object> payloads() {
		return this.payloads;
	}

	Map<String, String> headers() {
		return this.headers;
	}

	long attempt() {
		return this.attempt;
	}

	@Override
	public String toString() {
		return this.name + ((this.attempt > 1) ? " in attempt " + this.attempt : "");
	}

}
