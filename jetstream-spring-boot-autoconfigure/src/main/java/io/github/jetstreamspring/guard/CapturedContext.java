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

package io.github.jetstreamspring.guard;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * What belongs to a thread, such as a trace, for what goes on on other threads. Without
 * Micrometer's context propagation that is nothing.
 *
 * @since 0.1.0
 */
public final class CapturedContext {

	private static final Log logger = LogFactory.getLog(CapturedContext.class);

	private static final boolean PROPAGATION = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
			CapturedContext.class.getClassLoader());

	private CapturedContext() {
	}

	/**
	 * Returns an executor whose tasks find what belongs to the calling thread.
	 * @param executor runs the tasks
	 * @return the executor
	 */
	public static Executor wrap(Executor executor) {
		return PROPAGATION ? Propagation.wrap(executor) : executor;
	}

	/**
	 * Returns what is to be done with a result, which finds what belongs to the calling
	 * thread.
	 * @param <T> the type of the result
	 * @param <U> the type of the failure
	 * @param next what is to be done
	 * @return the same, on whatever thread
	 */
	public static <T, U extends @Nullable Object> BiConsumer<T, U> wrap(BiConsumer<T, U> next) {
		Executor here = wrap((Executor) Runnable::run);
		return (result, failure) -> here.execute(() -> next.accept(result, failure));
	}

	/**
	 * What needs the library is in a class that isn't loaded without it.
	 */
	private static final class Propagation {

		private static final ContextSnapshotFactory FACTORY = ContextSnapshotFactory.builder().build();

		static Executor wrap(Executor executor) {
			try {
				ContextSnapshot captured = FACTORY.captureAll();
				return (task) -> executor.execute(() -> run(task, captured));
			}
			catch (Throwable ex) {
				failed(ex);
				return executor;
			}
		}

		// The accessors are an application's, and what is to be done matters more
		private static void run(Runnable task, ContextSnapshot captured) {
			ContextSnapshot.Scope scope = null;
			try {
				scope = captured.setThreadLocals();
			}
			catch (Throwable ex) {
				failed(ex);
			}
			try {
				task.run();
			}
			finally {
				close(scope);
			}
		}

		private static void close(ContextSnapshot.@Nullable Scope scope) {
			try {
				if (scope != null) {
					scope.close();
				}
			}
			catch (Throwable ex) {
				failed(ex);
			}
		}

		private static void failed(Throwable ex) {
			Guard.log(logger, () -> "What belongs to a thread can't be taken over by another one", ex);
		}

	}

}
