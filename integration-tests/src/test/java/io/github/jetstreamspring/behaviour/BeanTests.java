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

package io.github.jetstreamspring.behaviour;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Worker;
import io.github.jetstreamspring.listener.JetStreamListeners;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which beans have listeners, and from when on.
 */
class BeanTests extends BehaviourTests {

	@Test
	void aPrototypeIsRefused() {
		assertThat(refused(Prototype.class)).singleElement()
			.asString()
			.contains("'handler' is a prototype", "proxyMode = ScopedProxyMode.TARGET_CLASS");
	}

	@Test
	void aPrototypeBehindAScopedProxyHasAnInstanceForEachMessage() {
		try (Worker worker = run(ScopedPrototype.class)) {
			worker.template().publish("jobs.a", "a");
			worker.template().publish("jobs.b", "b");
			await().untilAsserted(() -> assertThat(notes(worker)).hasSize(2).doesNotHaveDuplicates());
		}
	}

	@Test
	void aLazyBeanIsMadeForItsListeners() {
		try (Worker worker = run(LazyBean.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "a");
		}
	}

	@Test
	void aBeanOfAFactoryAndAConfigurationClassHaveListeners() {
		try (Worker worker = run(OfFactory.class, TWO_CONSUMERS)) {
			worker.template().publish("jobs.worker", "a");
			worker.template().publish("jobs.other", "b");
			handles(worker, "a", "configuration b");
		}
	}

	@Test
	void aBeanThatIsDefinedAfterTheStartHasListenersFromThenOn() {
		try (Worker worker = run(Nothing.class)) {
			worker.template().publish("jobs.a", "a");
			DefaultListableBeanFactory beans = (DefaultListableBeanFactory) worker.context().getBeanFactory();
			beans.registerBeanDefinition("late", new RootBeanDefinition(Plain.class));
			beans.getBean("late");
			handles(worker, "a");
			beans.removeBeanDefinition("late");
			assertThat(worker.listeners().ids()).isEmpty();
		}
	}

	@Test
	void scheduledMethodsMayBeBesideListeners() {
		try (Worker worker = run(BesideSchedule.class)) {
			worker.template().publish("jobs.a", "a");
			await().untilAsserted(() -> assertThat(notes(worker)).contains("a", "tick"));
		}
	}

	@Test
	void twoContextsSideBySideShareTheMessages() throws Exception {
		try (Worker one = run(Plain.class); Worker two = run(Plain.class)) {
			for (int i = 0; i < 50; i++) {
				one.template().publish("jobs.a", "job " + i);
			}
			done(one);
			assertThat(notes(one).size() + notes(two).size()).isEqualTo(50);
			assertThat(notes(one)).doesNotContainAnyElementsOf(notes(two));
		}
	}

	@Test
	void aContextWithAParentHasListenersOfItsOwn() {
		try (Worker parent = run(Plain.class, TWO_CONSUMERS)) {
			SpringApplication application = new SpringApplication(ChildApplication.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.addInitializers((child) -> child.setParent(parent.context()));
			try (ConfigurableApplicationContext child = application.run()) {
				parent.template().publish("jobs.worker", "a");
				parent.template().publish("jobs.other", "b");
				handles(parent, "a", "child b");
				assertThat(child.getBean(JetStreamListeners.class).ids()).containsExactly("other");
			}
			assertThat(parent.listeners().ids()).containsExactly("worker");
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope("prototype")
		Plain handler(Notes notes) {
			return new Plain(notes);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedPrototype {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		NotingItself handler(Notes notes) {
			return new NotingItself(notes);
		}

	}

	static class NotingItself extends Noting {

		NotingItself(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(String job) {
			note(this);
		}

	}

	static class Plain extends Noting {

		Plain(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		void handle(String job) {
			note(job);
		}

	}

	@Lazy
	static class LazyBean extends Plain {

		LazyBean(Notes notes) {
			super(notes);
		}

	}

	@Configuration
	static class OfFactory {

		private final Notes notes;

		OfFactory(Notes notes) {
			this.notes = notes;
		}

		@Bean
		FactoryBean<Plain> handler() {
			return new FactoryBean<>() {

				@Override
				public Plain getObject() {
					return new Plain(OfFactory.this.notes);
				}

				@Override
				public Class<?> getObjectType() {
					return Plain.class;
				}

			};
		}

		@JetStreamListener("other")
		void handle(String job) {
			this.notes.add("configuration " + job);
		}

	}

	static class Nothing {

	}

	@EnableScheduling
	@Configuration(proxyBeanMethods = false)
	static class BesideSchedule extends Plain {

		BesideSchedule(Notes notes) {
			super(notes);
		}

		@Scheduled(fixedDelay = 10)
		void tick() {
			note("tick");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ChildApplication {

		private final Notes notes;

		ChildApplication(Notes notes) {
			this.notes = notes;
		}

		@JetStreamListener("other")
		void handle(String job) {
			this.notes.add("child " + job);
		}

	}

}
