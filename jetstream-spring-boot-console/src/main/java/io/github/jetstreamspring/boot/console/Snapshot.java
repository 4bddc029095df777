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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.jetstreamspring.boot.operations.Operations;

/**
 * What all pages show of the present, as JSON.
 */
final class Snapshot implements Supplier<String> {

	private final Operations operations;

	private final Activity activity;

	private final BulkTasks tasks;

	Snapshot(Operations operations, Activity activity, BulkTasks tasks) {
		this.operations = operations;
		this.activity = activity;
		this.tasks = tasks;
	}

	@Override
	public String get() {
		return JsonText.of(describe());
	}

	Map<String, Object> describe() {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("time", Instant.now().toString());
		all.putAll(this.operations.all());
		all.put("activity", this.activity.count());
		all.put("tasks", this.tasks.describe());
		return all;
	}

}
