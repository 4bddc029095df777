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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.listener.ConsumerRecovery;
import io.github.jetstreamspring.listener.DeadLetterHandler;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * The bean definitions of named connections, which say by their names what makes a bean.
 */
class NamedConnectionRegistrarTests {

	private static final String PREFIX = "jetstream.connections.warehouse.";

	@ParameterizedTest
	@ValueSource(classes = { JetStreamConnectionDetails.class, Connection.class, JetStreamManagement.class,
			JetStreamTemplate.class, Topology.class, TopologyDeclarer.class, TopologyInitializer.class,
			ConsumerRecovery.class, JetStreamReceiver.class, DeadLetterHandler.class, DeadLetters.class })
	void whenAConnectionIsNamedThenOneMethodMakesEachOfItsBeans(Class<?> type) {
		withBeanFactory((beanFactory) -> {
			RootBeanDefinition definition = definition(beanFactory, PREFIX + type.getSimpleName());
			assertThat(definition.getFactoryBeanName()).isEqualTo(PREFIX + "ConnectionBeans");
			List<Method> methods = Arrays.stream(ConnectionBeans.class.getDeclaredMethods())
				.filter((method) -> method.getName().equals(definition.getFactoryMethodName()))
				.filter((method) -> type.isAssignableFrom(method.getReturnType()))
				.toList();
			assertThat(methods).hasSize(1);
			Class<?>[] parameters = methods.get(0).getParameterTypes();
			List<String> references = references(definition);
			assertThat(references).hasSameSizeAs(parameters);
			for (int i = 0; i < parameters.length; i++) {
				assertThat(beanFactory.isTypeMatch(references.get(i), parameters[i])).isTrue();
				assertThat(references.get(i)).startsWith(PREFIX);
			}
		});
	}

	@Test
	void whenTheApplicationHasABeanOfItsOwnThenTheOthersAreMadeOfIt() {
		withBeanFactory((beanFactory) -> {
			assertThat(beanFactory.containsBeanDefinition(PREFIX + "Connection")).isFalse();
			assertThat(references(definition(beanFactory, PREFIX + "JetStreamTemplate"))).containsExactly("mine");
			assertThat(references(definition(beanFactory, PREFIX + "TopologyDeclarer")))
				.containsExactly(PREFIX + "JetStreamManagement", "mine");
		}, OwnConnection.class);
	}

	@Test
	void whenTheParentHasTheConnectionThenAChildMakesOnlyWhatIsMissing() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext();
				AnnotationConfigApplicationContext child = context()) {
			for (Class<?> type : List.of(JetStreamConnectionDetails.class, Connection.class, JetStreamManagement.class,
					JetStreamTemplate.class, Topology.class, TopologyDeclarer.class, TopologyInitializer.class,
					ConsumerRecovery.class, JetStreamReceiver.class)) {
				parent.registerBeanDefinition(PREFIX + type.getSimpleName(), qualified(type));
			}
			parent.refresh();
			child.setParent(parent);
			child.refreshForAotProcessing(new RuntimeHints());
			assertThat(child.getBeanDefinitionNames()).filteredOn((name) -> name.startsWith(PREFIX))
				.containsExactlyInAnyOrder(PREFIX + "ConnectionBeans", PREFIX + "DeadLetterHandler",
						PREFIX + "DeadLetters");
			assertThat(references(definition(child.getBeanFactory(), PREFIX + "DeadLetterHandler")))
				.containsExactly(PREFIX + "JetStreamTemplate", PREFIX + "TopologyDeclarer", PREFIX + "Topology");
			parent.registerBeanDefinition(PREFIX + "DeadLetterHandler", qualified(DeadLetterHandler.class));
			parent.registerBeanDefinition(PREFIX + "DeadLetters", qualified(DeadLetters.class));
			try (AnnotationConfigApplicationContext second = context()) {
				second.setParent(parent);
				second.refreshForAotProcessing(new RuntimeHints());
				assertThat(second.getBeanDefinitionNames()).noneMatch((name) -> name.startsWith(PREFIX))
					.contains("jetstream.connections.quiet.Connection");
			}
		}
	}

	@Test
	void whenAConnectionHasNoDeadLettersThenNothingHandlesThem() {
		withBeanFactory((beanFactory) -> assertThat(
				beanFactory.containsBeanDefinition("jetstream.connections.quiet.DeadLetterHandler"))
			.isFalse());
	}

	@Test
	void whenAnApplicationIsProcessedAheadOfTimeThenItsConnectionsAre() {
		try (AnnotationConfigApplicationContext context = context()) {
			InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(getClass())), files);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
			assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
				.anyMatch((name) -> name.endsWith("ConnectionBeans__BeanDefinitions.java"));
		}
	}

	private static <T> RootBeanDefinition qualified(Class<T> type) {
		RootBeanDefinition definition = new RootBeanDefinition(type, () -> mock(type));
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "warehouse"));
		definition.setDefaultCandidate(false);
		return definition;
	}

	private static List<String> references(RootBeanDefinition definition) {
		List<String> references = new ArrayList<>();
		definition.getConstructorArgumentValues()
			.getIndexedArgumentValues()
			.forEach((index, argument) -> references.add(((RuntimeBeanReference) argument.getValue()).getBeanName()));
		return references;
	}

	private static RootBeanDefinition definition(ConfigurableListableBeanFactory beanFactory, String name) {
		return (RootBeanDefinition) beanFactory.getMergedBeanDefinition(name);
	}

	private static void withBeanFactory(Consumer<ConfigurableListableBeanFactory> test, Class<?>... sources) {
		try (AnnotationConfigApplicationContext context = context(sources)) {
			// Without making beans
			context.refreshForAotProcessing(new RuntimeHints());
			test.accept(context.getBeanFactory());
		}
	}

	private static AnnotationConfigApplicationContext context(Class<?>... sources) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of(PREFIX + "servers", "nats://localhost",
					"jetstream.connections.quiet.dead-letter.enabled", "false")));
		for (Class<?> source : sources) {
			context.register(source);
		}
		context.register(JetStreamAutoConfiguration.class);
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConnection {

		@Bean(defaultCandidate = false)
		@Qualifier("warehouse")
		Connection mine() {
			return mock(Connection.class);
		}

	}

}
