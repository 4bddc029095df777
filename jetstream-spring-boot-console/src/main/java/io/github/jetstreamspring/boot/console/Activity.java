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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.listener.JetStreamOperationEvent;

import org.springframework.context.ApplicationListener;

/**
 * Remembers what people have done lately in this instance, whether here or elsewhere.
 */
final class Activity implements ApplicationListener<JetStreamOperationEvent> {

	private static final int MOST = 500;

	private final Deque<Map<String, Object>> operations = new ArrayDeque<>();

	private long count;

	@Override
	public synchronized void onApplicationEvent(JetStreamOperationEvent event) {
		Map<String, Object> operation = new LinkedHashMap<>();
		operation.put("time", event.getTime().toString());
		operation.put("operation", event.getOperation());
		operation.put("target", event.getTarget());
		if (event.getPrincipal() != null) {
			operation.put("principal", event.getPrincipal());
		}
		if (this.operations.size() >= MOST) {
			this.operations.removeLast();
		}
		this.operations.addFirst(operation);
		this.count++;
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	/**
	 * Describes the operations, the last one first.
	 */
	synchronized List<Map<String, Object>> describe() {
		return new ArrayList<>(this.operations);
	}

	/**
	 * Returns how many there have been, so that somebody sees when there are more.
	 */
	synchronized long count() {
		return this.count;
	}

}
