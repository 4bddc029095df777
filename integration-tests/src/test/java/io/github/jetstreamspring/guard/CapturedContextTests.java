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
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CapturedContext}.
 */
class CapturedContextTests {

	private static final String KEY = CapturedContextTests.class.getName();

	private final ThreadLocal<String> local = new ThreadLocal<>();

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void forget() {
		ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
	}

	@Test
	void whatBelongsToAThreadIsFoundByAnother() throws Exception {
		ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, this.local);
		this.local.set("acme");
		Executor executor = CapturedContext.wrap(CapturedContextTests::onAnotherThread);
		this.local.remove();
		executor.execute(() -> {
			assertThat(this.local.get()).isEqualTo("acme");
			this.runs.incrementAndGet();
		});
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void whenAnAccessorCantReadThenTheTaskIsRunAllTheSame() {
		assertRuns(new Accessor() {

			@Override
			public String getValue() {
				throw new NoClassDefFoundError("read");
			}

		});
	}

	@Test
	void whenAnAccessorCantWriteThenTheTaskIsRunAllTheSame() {
		assertRuns(new Accessor() {

			@Override
			public void setValue(String value) {
				throw new IllegalStateException("write");
			}

		});
	}

	@Test
	void whenAnAccessorCantRestoreThenTheTaskIsDoneAllTheSame() {
		assertRuns(new Accessor() {

			@Override
			public void setValue() {
				throw new IllegalStateException("restore");
			}

		});
	}

	private void assertRuns(Accessor accessor) {
		ContextRegistry.getInstance().registerThreadLocalAccessor(accessor);
		CapturedContext.wrap(CapturedContextTests::onAnotherThread).execute(this.runs::incrementAndGet);
		assertThat(this.runs).hasValue(1);
	}

	private static void onAnotherThread(Runnable task) {
		Thread thread = new Thread(task);
		thread.start();
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static class Accessor implements ThreadLocalAccessor<String> {

		@Override
		public Object key() {
			return KEY;
		}

		@Override
		public String getValue() {
			return "acme";
		}

		@Override
		public void setValue(String value) {
		}

		@Override
		public void setValue() {
		}

	}

}
