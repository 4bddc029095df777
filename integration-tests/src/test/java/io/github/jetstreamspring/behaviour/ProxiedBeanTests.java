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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.Worker;
import jakarta.validation.constraints.Positive;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners of beans that are called through a proxy, and what it does around them.
 */
class ProxiedBeanTests extends BehaviourTests {

	@Test
	void aBeanBehindAProxyOfItsInterfaceIsCalledThroughTheProxy() {
		try (Worker worker = run(List.of(BehindInterface.class, Proxies.class), "proxies-of-classes=false")) {
			assertThat(AopUtils.isJdkDynamicProxy(worker.bean(JobHandler.class))).isTrue();
			worker.template().publish("jobs.a", "a");
			handles(worker, "proxy", "a");
		}
	}

	@Test
	void aBeanBehindAProxyOfItsClassIsCalledThroughTheProxy() {
		try (Worker worker = run(List.of(BehindInterface.class, Proxies.class), "proxies-of-classes=true")) {
			assertThat(AopUtils.isCglibProxy(worker.bean(JobHandler.class))).isTrue();
			worker.template().publish("jobs.a", "a");
			handles(worker, "proxy", "a");
		}
	}

	@Test
	void aMethodThatTheProxyCantTakeOverIsRefused() {
		assertThat(refused(HiddenFromProxy.class, "proxies-of-classes=false")).singleElement()
			.asString()
			.contains("the bean's proxy doesn't have the method", "declare it in the interface");
	}

	@Test
	void aTransactionalHandlerCommitsBeforeTheAckAndRollsBackBeforeTheRetry() {
		try (Worker worker = run(WithTransactions.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "in a transaction", "rolled back", "in a transaction", "committed");
			done(worker);
		}
	}

	@Test
	void anAsyncHandlerThatReturnsNothingIsRefused() {
		assertThat(refused(AsyncVoid.class)).singleElement()
			.asString()
			.contains("the method is @Async, and its message would be acked before its work is done");
	}

	@Test
	void anAsyncHandlerThatReturnsAFutureIsHandledWhenThatCompletes() throws Exception {
		try (Worker worker = run(AsyncFuture.class)) {
			worker.template().publish("jobs.a", "a");
			handles(worker, "task-");
			assertThat(worker.size("jobs")).isOne();
			worker.bean(AsyncFuture.Gate.class).open.complete(null);
			done(worker);
		}
	}

	@Test
	void constraintsOnParametersOfAValidatedBeanAreAFailureOfTheHandler() throws Exception {
		try (Worker worker = run(ValidatedBean.class)) {
			worker.template().message("a").to("jobs.worker").header("count", "0").publish();
			assertThat(reasonOfDeadLetter(worker)).contains("ConstraintViolationException");
			worker.template().message("a").to("jobs.worker").header("count", "1").publish();
			handles(worker, "a");
		}
	}

	interface JobHandler {

		void handle(String job);

	}

	static class BehindInterface extends Noting implements JobHandler {

		BehindInterface(Notes notes) {
			super(notes);
		}

		@Override
		@JetStreamListener("worker")
		public void handle(String job) {
			note(job);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxies {

		@Bean
		static BeanPostProcessor proxies(Notes notes, Environment environment) {
			boolean classes = environment.getRequiredProperty("proxies-of-classes", Boolean.class);
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					if (!(bean instanceof JobHandler)) {
						return bean;
					}
					ProxyFactory factory = new ProxyFactory(bean);
					factory.setProxyTargetClass(classes);
					factory.addAdvice((MethodInterceptor) (invocation) -> {
						if (invocation.getMethod().getName().equals("handle")) {
							notes.add("proxy");
						}
						return invocation.proceed();
					});
					return factory.getProxy();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenFromProxy extends Proxies {

		@Bean
		JobHandler handler() {
			return new Hidden();
		}

		static class Hidden implements JobHandler {

			@Override
			public void handle(String job) {
			}

			@JetStreamListener("worker")
			public void hidden(String job) {
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class WithTransactions {

		@Bean
		static PlatformTransactionManager transactions(Notes notes) {
			return new NotedTransactions(notes);
		}

		@Bean
		TransactionalHandler handler(Notes notes) {
			return new TransactionalHandler(notes);
		}

	}

	static class TransactionalHandler extends Noting {

		private final AtomicInteger runs = new AtomicInteger();

		TransactionalHandler(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		@Transactional
		public void handle(String job) {
			note(TransactionSynchronizationManager.isActualTransactionActive() ? "in a transaction" : "in none");
			if (this.runs.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
		}

	}

	static class NotedTransactions extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		private final transient Notes notes;

		NotedTransactions(Notes notes) {
			this.notes = notes;
		}

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			// There is nothing to begin
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.notes.add("committed");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.notes.add("rolled back");
		}

	}

	static class AsyncVoid {

		@JetStreamListener("worker")
		@Async
		public void handle(String job) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class AsyncFuture {

		@Bean
		Gate gate() {
			return new Gate();
		}

		@Bean
		AsyncHandler handler(Notes notes, Gate gate) {
			return new AsyncHandler(notes, gate);
		}

		static class Gate {

			private final CompletableFuture<Void> open = new CompletableFuture<>();

		}

	}

	static class AsyncHandler extends Noting {

		private final AsyncFuture.Gate gate;

		AsyncHandler(Notes notes, AsyncFuture.Gate gate) {
			super(notes);
			this.gate = gate;
		}

		@JetStreamListener("worker")
		@Async
		public CompletableFuture<Void> handle(String job) {
			note(Thread.currentThread().getName().replaceAll("\\d", ""));
			return this.gate.open;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ValidatedBean {

		@Bean
		ValidatedHandler handler(Notes notes) {
			return new ValidatedHandler(notes);
		}

	}

	@Validated
	static class ValidatedHandler extends Noting {

		ValidatedHandler(Notes notes) {
			super(notes);
		}

		@JetStreamListener("worker")
		public void handle(String job, @Header("count") @Positive int count) {
			note(job);
		}

	}

}
