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

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.Connection;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedNats} with Spring.
 */
@SpringBootTest(classes = EmbeddedNatsApplicationTests.Application.class,
		properties = { "jetstream.servers=nats://127.0.0.1:1", "jetstream.streams.orders.subjects=orders.>" })
@EmbeddedNats
class EmbeddedNatsApplicationTests {

	@Autowired
	private EmbeddedNatsServer server;

	@Test
	void whenServersAreConfiguredThenTestServerWins(@Autowired JetStreamTemplate template) {
		assertThat(template.publish("orders.created", "one").sequence()).isPositive();
	}

	@Test
	void whenParameterThenServerIsTheContexts(EmbeddedNatsServer parameter) {
		assertThat(parameter).isSameAs(this.server);
	}

	@Test
	void whenContextsShareServerThenEachHasAnAccountOfItsOwn(@Autowired JetStreamTemplate template) throws Exception {
		template.publish("orders.created", "mine");
		ApplicationContext another = context(AnotherContext.class);
		assertThat(another.getBean(EmbeddedNatsServer.class).port()).isEqualTo(this.server.port());
		assertThat(another.getBean(Connection.class)
			.jetStreamManagement()
			.getStreamInfo("orders")
			.getStreamState()
			.getMsgCount()).isZero();
	}

	@Test
	void whenAnnotationsAreTheSameThenContextIsCached() {
		assertThat(context(EmbeddedNatsApplicationTests.class).getBean(EmbeddedNatsServer.class)).isSameAs(this.server);
	}

	@Test
	void whenMetaAnnotatedThenAttributesCount() {
		assertThat(context(WithServerOfItsOwn.class).getBean(EmbeddedNatsServer.class).port())
			.isNotEqualTo(this.server.port());
	}

	@Test
	void whenSeveralServersThenApplicationKnowsThemAll() {
		ApplicationContext context = context(WithCluster.class);
		assertThat(context.getBean(JetStreamTemplate.class).publish("orders.created", "one").sequence()).isPositive();
		assertThat(context.getBean(EmbeddedNatsCluster.class).urls()).hasSize(3)
			.isEqualTo(context.getBean(JetStreamConnectionDetails.class).getServers());
	}

	@Nested
	class Inner {

		@Test
		void whenNestedThenServerIsTheContexts(EmbeddedNatsServer parameter, @Autowired EmbeddedNatsServer bean) {
			assertThat(parameter).isSameAs(bean);
		}

	}

	private static ApplicationContext context(Class<?> testClass) {
		return new TestContextManager(testClass).getTestContext().getApplicationContext();
	}

	@SpringBootTest(classes = Application.class, properties = "jetstream.streams.orders.subjects=orders.>")
	@EmbeddedNats
	static class AnotherContext {

	}

	@SpringBootTest(classes = Application.class)
	@OwnServer
	static class WithServerOfItsOwn {

	}

	@SpringBootTest(classes = Application.class, properties = "jetstream.streams.orders.subjects=orders.>")
	@EmbeddedNats(servers = 3)
	static class WithCluster {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@EmbeddedNats(shared = false)
	@interface OwnServer {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
