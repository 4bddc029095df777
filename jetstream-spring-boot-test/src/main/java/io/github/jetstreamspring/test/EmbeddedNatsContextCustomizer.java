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

import java.util.List;
import java.util.function.Supplier;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamConnectionDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Gives an application context a server, and connects it.
 *
 * @param request what the test class asks for; contexts for the same can be the same
 */
record EmbeddedNatsContextCustomizer(NatsServerRequest request) implements ContextCustomizer {

	private static final String SERVER = "embeddedNats";

	private static final String CONNECTION_DETAILS = "embeddedNatsConnectionDetails";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		if (this.request.isCluster()) {
			register(beans, SERVER, EmbeddedNatsCluster.class, this.request::startCluster);
			register(beans, CONNECTION_DETAILS, JetStreamConnectionDetails.class,
					() -> details(beans.getBean(EmbeddedNatsCluster.class)));
		}
		else {
			register(beans, SERVER, EmbeddedNatsServer.class, this.request::startServer);
			register(beans, CONNECTION_DETAILS, JetStreamConnectionDetails.class,
					() -> details(beans.getBean(EmbeddedNatsServer.class)));
		}
	}

	private static <T> void register(ConfigurableListableBeanFactory beans, String name, Class<T> type,
			Supplier<T> supplier) {
		RootBeanDefinition definition = new RootBeanDefinition(type, supplier);
		// Whatever the application has for its own servers
		definition.setPrimary(true);
		if (!name.equals(SERVER)) {
			// Outlives the connection
			definition.setDependsOn(SERVER);
		}
		((BeanDefinitionRegistry) beans).registerBeanDefinition(name, definition);
	}

	private static JetStreamConnectionDetails details(EmbeddedNatsCluster cluster) {
		return cluster::urls;
	}

	private static JetStreamConnectionDetails details(EmbeddedNatsServer server) {
		NatsAccount account = server.account();
		return new JetStreamConnectionDetails() {

			@Override
			public List<String> getServers() {
				return List.of("nats://127.0.0.1:" + server.port());
			}

			@Override
			public @Nullable String getUsername() {
				return (account != null) ? account.user() : null;
			}

			@Override
			public @Nullable String getPassword() {
				return (account != null) ? account.password() : null;
			}

		};
	}

}
