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

package io.github.jetstreamspring.annotation.handler;

import java.util.concurrent.Executor;

import io.micrometer.context.ContextSnapshotFactory;

import org.springframework.util.ClassUtils;

/**
 * What belongs to a thread, such as a trace, for what goes on on other threads. Without
 * Micrometer's context propagation that is nothing.
 */
final class CapturedContext {

	private static final boolean PROPAGATION = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
			CapturedContext.class.getClassLoader());

	private CapturedContext() {
	}

	/**
	 * Returns an executor whose tasks find what belongs to the calling thread.
	 * @param executor runs the tasks
	 */
	static Executor wrap(Executor executor) {
		return PROPAGATION ? Propagation.wrap(executor) : executor;
	}

	/**
	 * What needs the library is in a class that isn't loaded without it.
	 */
	private static final class Propagation {

		private static final ContextSnapshotFactory FACTORY = ContextSnapshotFactory.builder().build();

		static Executor wrap(Executor executor) {
			return FACTORY.captureAll().wrapExecutor(executor);
		}

	}

}
