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

package io.github.jetstreamspring.publisher;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import org.springframework.core.OverridingClassLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for publishing after a commit in an application that has no spring-tx.
 */
class TransactionAwarePublisherTests {

	@Test
	void whenThereIsNoSpringTxThenTheMessageIsPublishedAtOnce() throws Exception {
		ClassLoader classLoader = new WithoutSpringTx(getClass().getClassLoader());
		assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> classLoader
			.loadClass("org.springframework.transaction.support.TransactionSynchronizationManager"));
		Class<?> type = classLoader.loadClass(TransactionAwarePublisher.class.getName());
		assertThat(type).isNotSameAs(TransactionAwarePublisher.class);
		Method afterCommit = type.getDeclaredMethod("afterCommit", String.class, Supplier.class);
		afterCommit.setAccessible(true);
		CompletableFuture<String> published = CompletableFuture.completedFuture("published");
		Supplier<CompletableFuture<String>> action = () -> published;
		assertThat(afterCommit.invoke(null, "message", action)).isSameAs(published);
		// The template itself loads too
		assertThat(classLoader.loadClass(JetStreamTemplate.class.getName()).getDeclaredMethods()).isNotEmpty();
	}

	private static final class WithoutSpringTx extends OverridingClassLoader {

		WithoutSpringTx(ClassLoader parent) {
			super(parent);
		}

		@Override
		protected boolean isEligibleForOverriding(String className) {
			return className.startsWith("io.github.jetstreamspring.publisher.");
		}

		@Override
		public Class<?> loadClass(String name) throws ClassNotFoundException {
			return loadClass(name, false);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("org.springframework.transaction.")) {
				throw new ClassNotFoundException(name);
			}
			return super.loadClass(name, resolve);
		}

	}

}
