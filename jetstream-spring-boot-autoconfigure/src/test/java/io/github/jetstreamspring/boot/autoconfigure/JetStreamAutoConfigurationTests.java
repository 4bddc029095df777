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

package io.github.jetstreamspring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.boot.health.JetStreamHealthContributorAutoConfiguration;
import io.github.jetstreamspring.boot.health.JetStreamHealthIndicator;
import io.github.jetstreamspring.boot.metrics.JetStreamMetricsAutoConfiguration;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.DeliveryObserver;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.messaging.MessageConverterLookup;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishObserver;
import io.github.jetstreamspring.topology.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class JetStreamAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withPropertyValues("jetstream.topology.mode=none")
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JacksonAutoConfiguration.class,
				JetStreamAutoConfiguration.class, JetStreamHealthContributorAutoConfiguration.class,
				JetStreamMetricsAutoConfiguration.class))
		.withBean(Connection.class, JetStreamAutoConfigurationTests::connection);

	@Test
	void whenNothingIsMissingThenThereIsOneOfEach() {
		this.contextRunner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(JetStreamTemplate.class)
				.hasSingleBean(JetStreamListeners.class)
				.hasSingleBean(JetStreamManagement.class)
				.hasSingleBean(Topology.class)
				.hasSingleBean(DeadLetterHandler.class)
				.hasSingleBean(DeadLetters.class)
				.hasSingleBean(JetStreamHealthIndicator.class)
				.hasSingleBean(DeliveryObserver.class)
				.hasSingleBean(PublishObserver.class));
	}

	@Test
	void whenTheNatsClientIsMissingThenNothingIsConfigured() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Connection.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JetStreamTemplate.class)
				.doesNotHaveBean(JetStreamListeners.class));
	}

	@Test
	void whenJacksonIsMissingThenBytesAndTextRemain() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("tools.jackson")).run((context) -> {
			MessageConverter converter = converter(context);
			assertThat(converter.toMessage("text", null)).isNotNull();
			assertThat(converter.toMessage(new byte[1], null)).isNotNull();
			assertThat(converter.toMessage(List.of(1), null)).isNull();
		});
	}

	@Test
	void whenMicrometerIsMissingThenNothingIsMeasured() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasSingleBean(JetStreamTemplate.class)
				.doesNotHaveBean(DeliveryObserver.class)
				.doesNotHaveBean(PublishObserver.class));
	}

	@Test
	void whenHealthIsMissingThenThereIsNoIndicator() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasSingleBean(JetStreamTemplate.class)
				.doesNotHaveBean(JetStreamHealthIndicator.class));
	}

	@Test
	void whenHealthIsSwitchedOffThenThereIsNoIndicator() {
		this.contextRunner.withPropertyValues("management.health.jetstream.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(JetStreamHealthIndicator.class));
	}

	@Test
	void whenTheAutoConfigurationIsExcludedThenThereAreNoMetricsAndNoHealth() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JetStreamHealthContributorAutoConfiguration.class,
					JetStreamMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JetStreamHealthIndicator.class)
				.doesNotHaveBean(DeliveryObserver.class));
	}

	@Test
	void whenTheUserHasBeansThenTheyTakePrecedence() {
		StringMessageConverter converter = new StringMessageConverter();
		DeadLetterHandler handler = mock(DeadLetterHandler.class);
		this.contextRunner.withBean(MessageConverter.class, () -> converter)
			.withBean(DeadLetterHandler.class, () -> handler)
			.run((context) -> {
				assertThat(converter(context)).isSameAs(converter);
				assertThat(context).getBean(DeadLetterHandler.class).isSameAs(handler);
			});
	}

	@Test
	void whenTheUserHasAnObserverThenMetricsAreKept() {
		this.contextRunner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("mine", PublishObserver.class, () -> PublishObserver.NONE)
			.withBean("myOther", DeliveryObserver.class, () -> DeliveryObserver.NONE)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeansOfType(PublishObserver.class)).hasSize(2);
				assertThat(context.getBeansOfType(DeliveryObserver.class)).hasSize(2);
			});
	}

	@Test
	void whenDeadLettersAreSwitchedOffThenThereIsNeitherHandlerNorStream() {
		this.contextRunner.withPropertyValues("jetstream.dead-letter.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(DeadLetterHandler.class).doesNotHaveBean(DeadLetters.class);
			assertThat(context.getBean(Topology.class).streams()).isEmpty();
		});
	}

	@Test
	void whenOptionsAreMadeThenCustomizersComeLastAndInOrder() {
		List<String> called = new ArrayList<>();
		ConnectionOptionsCustomizer first = (options) -> {
			called.add("first");
			options.pingInterval(Duration.ofSeconds(1));
		};
		ConnectionOptionsCustomizer second = (options) -> {
			called.add("second");
			options.pingInterval(Duration.ofSeconds(2));
		};
		this.contextRunner.run((context) -> {
			ConnectionOptionsFactory factory = new ConnectionOptionsFactory(
					context.getBean(JetStreamConnectionDetails.class), context.getBean(JetStreamProperties.class),
					"shop", List.of(first, second));
			assertThat(factory.create(new ConnectionEventLogger()).getPingInterval()).isEqualTo(Duration.ofSeconds(2));
			assertThat(called).containsExactly("first", "second");
		});
	}

	@Test
	void whenThereIsNoConnectionNameThenItIsTheApplicationsAndItNeverGivesUp() {
		this.contextRunner.run((context) -> {
			ConnectionOptionsFactory factory = new ConnectionOptionsFactory(
					context.getBean(JetStreamConnectionDetails.class), context.getBean(JetStreamProperties.class),
					"shop", List.of());
			assertThat(factory.create(new ConnectionEventLogger())).satisfies((options) -> {
				assertThat(options.getConnectionName()).isEqualTo("shop");
				assertThat(options.getMaxReconnect()).isEqualTo(-1);
				assertThat(options.getPingInterval()).isEqualTo(Duration.ofSeconds(20));
				assertThat(options.getReconnectWait()).isEqualTo(Duration.ofSeconds(1));
			});
		});
	}

	@Test
	void whenJacksonIsThereThenItsMapperIsUsed() {
		this.contextRunner.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE").run((context) -> {
			assertThat(context).hasSingleBean(JsonMapper.class);
			assertThat(converter(context).toMessage(new Order(7), null))
				.satisfies((message) -> assertThat((byte[]) message.getPayload()).asString()
					.isEqualTo("{\"order_number\":7}"));
		});
	}

	@Test
	void whenAConnectionIsNamedThenTheDefaultBeansAreInjectedAsBefore() {
		this.contextRunner.withUserConfiguration(Warehouse.class)
			.withPropertyValues("jetstream.connections.warehouse.topology.mode=none")
			.run((context) -> {
				BeanFactory beans = context.getBeanFactory();
				assertThat(context.getBean(Injected.class).template()).isSameAs(context.getBean("jetStreamTemplate"));
				assertThat(context.getBean(Injected.class).listeners().connections()).containsExactly("warehouse");
				assertThat(context.getBeansOfType(Topology.class)).hasSize(2);
				assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, Connection.class, "warehouse"))
					.isSameAs(context.getBean("mine"))
					.isNotSameAs(context.getBean(Connection.class));
				assertThat(context.getBean("jetstreamHealthIndicator")).isInstanceOf(CompositeHealthContributor.class);
			});
	}

	private static MessageConverter converter(ConfigurableApplicationContext context) {
		return MessageConverterLookup.find(context.getBeanFactory());
	}

	private static Connection connection() {
		Connection connection = mock(Connection.class);
		given(connection.getStatus()).willReturn(Connection.Status.CONNECTED);
		given(connection.createInbox()).willReturn("_INBOX.test");
		given(connection.createDispatcher()).willReturn(mock(Dispatcher.class));
		try {
			given(connection.jetStreamManagement()).willReturn(mock(JetStreamManagement.class));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return connection;
	}

	@Configuration(proxyBeanMethods = false)
	static class Warehouse {

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		Connection mine() {
			return connection();
		}

		@Bean
		Injected injected(JetStreamTemplate template, JetStreamListeners listeners) {
			return new Injected(template, listeners);
		}

	}

	record Injected(JetStreamTemplate template, JetStreamListeners listeners) {
	}

	record Order(int orderNumber) {
	}

}
