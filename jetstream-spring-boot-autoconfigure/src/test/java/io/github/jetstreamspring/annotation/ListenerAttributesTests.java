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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.listener.AckMode;
import io.github.jetstreamspring.listener.ListenerOptions;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ListenerAttributes}.
 */
class ListenerAttributesTests {

	private final List<String> problems = new ArrayList<>();

	@Test
	void whatIsNotSetIsLeftOpen() {
		ListenerAttributes attributes = attributes("plain");
		assertThat(attributes.consumer()).isEqualTo("worker");
		assertThat(attributes.id()).isEmpty();
		assertThat(attributes.stream()).isEmpty();
		assertThat(attributes.subjects()).isEmpty();
		assertThat(attributes.batch()).isFalse();
		assertThat(attributes.orderedBy()).isEmpty();
		assertThat(attributes.options()).isEqualTo(ListenerOptions.NONE);
	}

	@Test
	void placeholdersAndExpressionsAreResolved() {
		ListenerAttributes attributes = attributes("resolved");
		assertThat(attributes.consumer()).isEqualTo("blue-worker");
		assertThat(attributes.stream()).isEqualTo("orders");
		assertThat(attributes.subjects()).containsExactly("orders.blue.>", "orders.all");
		assertThat(attributes.options()).isEqualTo(ListenerOptions.builder()
			.concurrency(6)
			.ack(AckMode.CONFIRMED)
			.maxRunTime(Duration.ofMinutes(10))
			.autoStartup(false)
			.exclusive(true)
			.build());
		assertThat(attributes.batch()).isTrue();
		assertThat(attributes.orderedBy()).isEqualTo("headers['blue-customer']");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void whatCantBeReadIsReportedAltogether() {
		attributes("wrong").options();
		assertThat(this.problems).containsExactly("attribute 'concurrency' is '0' - Set it to a number of at least 1.",
				"attribute 'ack' is 'manual' - Set it to plain or confirmed.",
				"attribute 'maxRunTime' is 'soon' - Set it to a positive duration such as 10m or PT10M.",
				"attribute 'autoStartup' is 'maybe' - Set it to true or false.",
				"attribute 'exclusive' is 'perhaps' - Set it to true or false.");
	}

	@Test
	void whenADurationHasNoUnitThenItIsReportedInBothReadings() {
		attributes("unitless").options();
		assertThat(this.problems).containsExactly(
				"attribute 'maxRunTime' is '30', which has no unit: 30 would be 30 ms - Write 30s or 30ms.");
	}

	@Test
	void whenAPlaceholderIsUnknownThenItIsNamed() {
		assertThat(attributes("unknown").consumer()).isEmpty();
		assertThat(this.problems).singleElement().asString().contains("'consumer'", "${nowhere}");
	}

	private ListenerAttributes attributes(String method) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("test", Map.of("colour", "blue", "workers", "3")));
			// Strict, as Spring Boot registers it
			context.registerBean(PropertySourcesPlaceholderConfigurer.class);
			context.refresh();
			JetStreamListener annotation = AnnotatedElementUtils
				.findMergedAnnotation(Handlers.class.getDeclaredMethod(method), JetStreamListener.class);
			assertThat(annotation).isNotNull();
			return new ListenerAttributes(annotation, new BeanExpressions(context.getBeanFactory(), Object::new),
					(description, fix) -> this.problems.add(description + " - " + fix));
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	@SuppressWarnings("unused")
	static class Handlers {

		@JetStreamListener("worker")
		void plain() {
		}

		@JetStreamListener(consumer = "${colour}-worker", stream = "orders",
				subjects = { "orders.${colour}.>", "orders.all" }, concurrency = "#{2 * ${workers}}", ack = "Confirmed",
				maxRunTime = "10m", autoStartup = "${auto:false}", batch = true,
				orderedBy = "headers['${colour}-customer']", exclusive = "${exclusive:true}")
		void resolved() {
		}

		@JetStreamListener(value = "worker", concurrency = "0", ack = "manual", maxRunTime = "soon",
				autoStartup = "maybe", exclusive = "perhaps")
		void wrong() {
		}

		@JetStreamListener(value = "worker", maxRunTime = "${seconds:30}")
		void unitless() {
		}

		@JetStreamListener("${nowhere}")
		void unknown() {
		}

	}

}
