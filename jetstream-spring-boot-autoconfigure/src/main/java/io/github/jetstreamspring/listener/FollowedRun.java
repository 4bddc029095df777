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

package io.github.jetstreamspring.listener;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One run of a handler, as somebody follows it. It is entered on the thread that runs the
 * handler, and, if the handler has gone on without that, once more on the thread on which
 * it ends.
 *
 * @since 0.1.0
 */
public interface FollowedRun {

	/**
	 * Makes whatever belongs to the run current on the calling thread.
	 * @return what ends that, on the same thread
	 */
	Scope enter();

	/**
	 * The handler has ended. Is called once, within a scope, before the server is told
	 * what became of the messages. Must not block.
	 * @param outcome what is to become of the messages, or {@code null} if that is not
	 * the same for all of a batch
	 * @param runTime how long the handler ran
	 * @param failure what it threw, or {@code null}
	 */
	void ended(@Nullable Settlement outcome, Duration runTime, @Nullable Throwable failure);

	/**
	 * The time for which something is current on a thread.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	interface Scope extends AutoCloseable {

		/**
		 * Makes current what was so before.
		 */
		@Override
		void close();

	}

}
