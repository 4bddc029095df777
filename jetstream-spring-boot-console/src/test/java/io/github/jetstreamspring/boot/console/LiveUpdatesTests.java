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

package io.github.jetstreamspring.boot.console;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LiveUpdates}.
 */
class LiveUpdatesTests {

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final LiveUpdates.Receiver page = new LiveUpdates.Receiver() {

		@Override
		public void send(String update) {
			LiveUpdatesTests.this.received.add(update);
		}

		@Override
		public void end() {
			LiveUpdatesTests.this.received.add("end");
		}

	};

	@Test
	void whenOneUpdateFailsWithAnErrorThenTheNextOneComes() {
		AtomicInteger updates = new AtomicInteger();
		LiveUpdates live = new LiveUpdates(() -> {
			if (updates.incrementAndGet() == 1) {
				throw new NoClassDefFoundError("missing");
			}
			return "update";
		});
		live.start();
		assertThat(live.add(this.page)).isTrue();
		await().until(() -> this.received.contains("update"));
		live.stop();
		assertThat(live.count()).isZero();
		assertThat(this.received).last().isEqualTo("end");
	}

	@Test
	void whenItIsStoppedThenNoPageGetsUpdates() {
		assertThat(new LiveUpdates(() -> "update").add(this.page)).isFalse();
	}

	@Test
	void pagesThatTakeNothingKeepNoUpdateFromAnother() {
		CountDownLatch gone = new CountDownLatch(1);
		AtomicInteger updates = new AtomicInteger();
		LiveUpdates live = new LiveUpdates(() -> String.valueOf(updates.incrementAndGet()), Duration.ofMillis(50));
		live.start();
		for (int i = 0; i < LiveUpdates.MOST - 1; i++) {
			assertThat(live.add(new LiveUpdates.Receiver() {

				@Override
				public void send(String update) throws InterruptedException {
					gone.await();
				}

				@Override
				public void end() {
				}

			})).isTrue();
		}
		assertThat(live.add(this.page)).isTrue();
		assertThat(live.problem()).contains("20 pages get updates already");
		assertThat(live.add(this.page)).isFalse();
		await().until(() -> this.received.size() >= 20);
		List<Integer> numbers = this.received.stream().map(Integer::valueOf).toList();
		assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).mapToObj((i) -> numbers.get(0) + i).toList());
		gone.countDown();
		live.stop();
	}

}
