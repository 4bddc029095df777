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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.nats.client.api.StreamInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link KnownStream}.
 */
@Timeout(60)
class KnownStreamTests {

	private final StreamInfo info = mock(StreamInfo.class);

	private final AtomicInteger requests = new AtomicInteger();

	private final CountDownLatch answer = new CountDownLatch(1);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@AfterEach
	void shutDown() {
		this.answer.countDown();
		this.executor.shutdownNow();
	}

	@Test
	void whenSeveralAskThenTheServerIsAskedOnce() {
		KnownStream stream = new KnownStream("jobs", () -> {
			this.requests.incrementAndGet();
			this.answer.await();
			return this.info;
		}, this.executor);
		List<CompletableFuture<StreamInfo>> found = IntStream.range(0, 4)
			.mapToObj((i) -> CompletableFuture.supplyAsync(stream::getRecent, this.executor))
			.toList();
		await().until(() -> this.requests.get() == 1);
		this.answer.countDown();
		assertThat(found).allSatisfy((future) -> assertThat(future.join()).isSameAs(this.info));
		assertThat(stream.get()).isSameAs(this.info);
		assertThat(this.requests).hasValue(1);
	}

	@Test
	void theTimeIsThatOfTheServer() {
		KnownStream stream = new KnownStream("jobs", () -> this.info, this.executor);
		assertThat(stream.serverTime()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
		Instant ahead = Instant.now().plus(2, ChronoUnit.HOURS);
		given(this.info.getTimestamp()).willReturn(ahead.atZone(ZoneOffset.UTC));
		stream.getRecent();
		assertThat(stream.serverTime()).isBetween(ahead, ahead.plus(1, ChronoUnit.MINUTES));
	}

	@Test
	void whenThereIsNoAnswerThenNobodyWaitsForItAgain() {
		KnownStream stream = new KnownStream("jobs", () -> {
			this.requests.incrementAndGet();
			throw new TimeoutException("no answer");
		}, this.executor);
		for (int i = 0; i < 3; i++) {
			assertThatIllegalStateException().isThrownBy(stream::get)
				.withMessageContaining("no answer")
				.withMessageContaining("$JS.API.STREAM.INFO.jobs");
		}
		assertThat(this.requests).hasValue(1);
	}

	@Test
	void whenAWaitingThreadIsInterruptedThenOthersGetTheAnswer() throws Exception {
		KnownStream stream = new KnownStream("jobs", () -> {
			this.requests.incrementAndGet();
			this.answer.await();
			return this.info;
		}, this.executor);
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread waiting = new Thread(() -> {
			try {
				stream.get();
			}
			catch (IllegalStateException ex) {
				failure.complete(ex);
			}
		});
		waiting.start();
		await().until(() -> this.requests.get() == 1);
		waiting.interrupt();
		waiting.join(Duration.ofSeconds(20).toMillis());
		assertThat(failure).isCompletedWithValueMatching((ex) -> ex.getMessage().contains("interrupted"));
		this.answer.countDown();
		assertThat(stream.get()).isSameAs(this.info);
		assertThat(this.requests).hasValue(1);
	}

	@Test
	void whenNoThreadMayBeHadThenItIsUnknown() {
		this.executor.shutdownNow();
		KnownStream stream = new KnownStream("jobs", () -> this.info, this.executor);
		assertThatIllegalStateException().isThrownBy(stream::get).withMessageContaining("the application ends");
	}

}
