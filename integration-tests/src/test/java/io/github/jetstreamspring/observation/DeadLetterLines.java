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

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * The log's lines about the dead letters of a listener, with what the MDC holds at each.
 */
final class DeadLetterLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private static final Logger SETTLER = (Logger) LoggerFactory
		.getLogger("io.github.jetstreamspring.listener.Settler");

	private final Collection<Map<String, String>> contexts = new ConcurrentLinkedQueue<>();

	private final String listener;

	private DeadLetterLines(String listener) {
		this.listener = listener;
	}

	static DeadLetterLines of(String listener) {
		DeadLetterLines lines = new DeadLetterLines(listener);
		lines.start();
		SETTLER.addAppender(lines);
		return lines;
	}

	Collection<Map<String, String>> contexts() {
		return this.contexts;
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (event.getFormattedMessage().contains("Listener '%s'".formatted(this.listener))
				&& event.getFormattedMessage().contains("is now a dead letter")) {
			this.contexts.add(event.getMDCPropertyMap());
		}
	}

	@Override
	public void close() {
		SETTLER.detachAppender(this);
	}

}
