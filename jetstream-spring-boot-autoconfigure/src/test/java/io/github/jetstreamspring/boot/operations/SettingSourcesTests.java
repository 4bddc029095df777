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

package io.github.jetstreamspring.boot.operations;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class SettingSourcesTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	private final SettingSources sources = new SettingSources(this.environment);

	SettingSourcesTests() {
		ConfigurationPropertySources.attach(this.environment);
	}

	@Test
	void whenAPropertyHasAnOriginThenItIsNamed() {
		Origin origin = new Origin() {

			@Override
			public String toString() {
				return "class path resource [application.yml] - 12:20";
			}

		};
		this.environment.getPropertySources()
			.addLast(new OriginTrackedMapPropertySource("file",
					Map.of("jetstream.listener.concurrency", OriginTrackedValue.of(3, origin))));
		assertThat(this.sources.describe("jetstream.listener", "concurrency"))
			.isEqualTo("jetstream.listener.concurrency (class path resource [application.yml] - 12:20)");
	}

	@Test
	void whenAPropertyIsAnEnvironmentVariableThenThatIsNamed() {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
					Map.of("JETSTREAM_LISTENERS_ORDERWORKER_RETRY_MAXATTEMPTS", "3")));
		assertThat(this.sources.describe("jetstream.listeners.order-worker", "retry.max-attempts"))
			.startsWith("jetstream.listeners.order-worker.retry.max-attempts (")
			.contains("JETSTREAM_LISTENERS_ORDERWORKER_RETRY_MAXATTEMPTS");
	}

	@Test
	void whenAPropertyIsSetTwiceThenTheOneInForceIsNamed() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("second", Map.of("jetstream.listener.ack", "plain")));
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("first", Map.of("jetstream.listener.ack", "confirmed")));
		assertThat(this.sources.describe("jetstream.listener", "ack")).contains("\"first\"").doesNotContain("second");
	}

	@Test
	void whenASettingIsAListThenItsFirstElementTells() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("map", Map.of("jetstream.listener.reply-subjects[0]", "replies.>")));
		assertThat(this.sources.describe("jetstream.listener", "reply-subjects"))
			.startsWith("jetstream.listener.reply-subjects (\"jetstream.listener.reply-subjects[0]\" from");
	}

	@Test
	void whateverTheIdIsItIsFound() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("map", Map.of("jetstream.listeners[Order Worker/2].ack", "plain",
					"jetstream.listeners.Order_Worker.ack", "plain")));
		assertThat(this.sources.describe("jetstream.listeners.Order Worker/2", "ack"))
			.startsWith("jetstream.listeners.Order Worker/2.ack (\"jetstream.listeners[Order Worker/2].ack\"");
		assertThat(this.sources.describe("jetstream.listeners.Order_Worker", "ack"))
			.startsWith("jetstream.listeners.Order_Worker.ack (\"jetstream.listeners.Order_Worker.ack\"");
	}

	@Test
	void whatIsNoPropertyIsNamedAsItIs() {
		assertThat(this.sources.describe("@JetStreamListener", "ack")).isEqualTo("@JetStreamListener");
		assertThat(this.sources.describe(null, "ack")).isEqualTo("default");
		// Bound from something that is gone
		assertThat(this.sources.describe("jetstream.listener", "ack")).isEqualTo("jetstream.listener.ack");
	}

}
