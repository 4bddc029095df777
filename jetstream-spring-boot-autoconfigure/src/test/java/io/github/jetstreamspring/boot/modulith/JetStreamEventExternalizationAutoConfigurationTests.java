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

package io.github.jetstreamspring.boot.modulith;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.support.EventExternalizerModuleListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class JetStreamEventExternalizationAutoConfigurationTests {

	private final ApplicationContextRunner withoutEvents = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JetStreamEventExternalizationAutoConfiguration.class))
		.withBean(JetStreamTemplate.class, () -> mock(JetStreamTemplate.class));

	private final ApplicationContextRunner contextRunner = this.withoutEvents
		.withBean(EventExternalizationConfiguration.class, EventExternalizationConfiguration::disabled);

	@Test
	void whenThereIsModulithThenEventsAreExternalized() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(EventExternalizerModuleListener.class)
			.hasSingleBean(JetStreamEventTransport.class));
	}

	@Test
	void whenAnOutboxExternalizesThenItHasTheTransport() {
		this.contextRunner.withPropertyValues("spring.modulith.events.externalization.mode=outbox")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EventExternalizerModuleListener.class)
				.hasSingleBean(JetStreamEventTransport.class));
	}

	@Test
	void whenEventsAreNotExternalizedThenThereIsNothing() {
		this.contextRunner.withPropertyValues("spring.modulith.events.externalization.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(JetStreamEventTransport.class));
		this.withoutEvents
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JetStreamEventTransport.class));
	}

	@Test
	void whenThereIsNoModulithThenThereIsNothing() {
		this.withoutEvents.withClassLoader(new FilteredClassLoader("org.springframework.modulith"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JetStreamEventExternalizationAutoConfiguration.class));
	}

}
