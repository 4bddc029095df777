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

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.offline.OfflineConnection;
import io.nats.client.Connection;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers connections that record what is published, for those that have a name.
 */
class NamedRecordingRegistrar implements ImportBeanDefinitionRegistrar {

	private final BeanFactory beanFactory;

	private final Environment environment;

	NamedRecordingRegistrar(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		for (String name : names()) {
			register(registry, name, Connection.class, () -> OfflineConnection
				.to(this.beanFactory.getBean(ListenerHarnessAutoConfiguration.SERVER, RecordingServer.class)));
			if (this.environment.getProperty("jetstream.connections." + name + ".dead-letter.enabled", Boolean.class,
					true)) {
				register(registry, name, DeadLetterHandler.class, ListenerHarnessAutoConfiguration::deadLetterHandler);
			}
		}
	}

	private Set<String> names() {
		return Binder.get(this.environment)
			.bind("jetstream.connections", Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of())
			.keySet();
	}

	// As the library does for beans of named connections
	private static <T> void register(BeanDefinitionRegistry registry, String connection, Class<T> type,
			Supplier<T> supplier) {
		RootBeanDefinition definition = new RootBeanDefinition(type, supplier);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, connection));
		definition.setDefaultCandidate(false);
		registry.registerBeanDefinition("jetStreamRecording." + connection + "." + type.getSimpleName(), definition);
	}

}
