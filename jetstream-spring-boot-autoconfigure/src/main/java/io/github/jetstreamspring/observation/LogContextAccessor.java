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

package io.github.jetstreamspring.observation;

import java.util.HashMap;
import java.util.Map;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Lets the entries of a {@link LogContext} go along to other threads, wherever
 * Micrometer's context propagation does that.
 */
final class LogContextAccessor implements ThreadLocalAccessor<Map<String, String>> {

	static void register() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(new LogContextAccessor());
	}

	@Override
	public Object key() {
		return LogContext.class.getName();
	}

	@Override
	public @Nullable Map<String, String> getValue() {
		Map<String, String> entries = null;
		for (String key : LogContext.KEYS) {
			String value = MDC.get(key);
			if (value != null) {
				entries = (entries != null) ? entries : new HashMap<>();
				entries.put(key, value);
			}
		}
		return entries;
	}

	@Override
	public void setValue(Map<String, String> entries) {
		setValue();
		entries.forEach(MDC::put);
	}

	@Override
	public void setValue() {
		LogContext.KEYS.forEach(MDC::remove);
	}

}
