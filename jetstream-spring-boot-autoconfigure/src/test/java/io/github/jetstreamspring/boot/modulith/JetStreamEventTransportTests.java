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

package io.github.jetstreamspring.boot.modulith;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import io.github.jetstreamspring.publisher.MessageBuilder;
import io.github.jetstreamspring.publisher.PublishResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;

import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.RoutingTarget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

class JetStreamEventTransportTests {

	private final JetStreamOperations operations = mock(JetStreamOperations.class);

	private final MessageBuilder message = mock(MessageBuilder.class, Answers.RETURNS_SELF);

	private final EventExternalizationConfiguration configuration = EventExternalizationConfiguration.externalizing()
		.select((event) -> true)
		.headers(OrderPlaced.class, (event) -> Map.of("tenant", "acme", "attempt", 1))
		.build();

	private final OrderPlaced event = new OrderPlaced("o-1");

	@BeforeEach
	void answer() {
		given(this.operations.message(this.event)).willReturn(this.message);
		given(this.message.publishAsync())
			.willReturn(CompletableFuture.completedFuture(new PublishResult("orders", 1, false)));
	}

	@Test
	void theTargetIsTheSubjectAndHeadersGoAlong() {
		UUID id = UUID.randomUUID();
		assertThat(transport(id).externalize(this.event, RoutingTarget.forTarget("orders.placed").withoutKey()).join())
			.isEqualTo(new PublishResult("orders", 1, false));
		verify(this.message).to("orders.placed");
		verify(this.message).id("event-publication:" + id);
		verify(this.message).header("tenant", "acme");
		verify(this.message).header("attempt", "1");
	}

	@Test
	void aKeyIsTheLastTokenAndCanBeAnExpression() {
		transport(null).externalize(this.event, RoutingTarget.forTarget("orders.placed").andKey("#{id()}"));
		verify(this.message).to("orders.placed.o-1");
	}

	@Test
	void whenTheEventIsNotRecordedThenItsIdIsAsOfEveryMessage() {
		transport(null).externalize(this.event, RoutingTarget.forTarget("orders.placed").withoutKey());
		verify(this.message, never()).id(any());
	}

	@Test
	void whenThePublishFailsThenThePublicationDoesToo() {
		given(this.message.publishAsync())
			.willReturn(CompletableFuture.failedFuture(new JetStreamException("refused", null)));
		assertThat(transport(null).externalize(this.event, RoutingTarget.forTarget("orders.placed").withoutKey()))
			.isCompletedExceptionally();
	}

	private JetStreamEventTransport transport(@Nullable UUID id) {
		return new JetStreamEventTransport(this.operations, this.configuration, () -> id,
				new StandardEvaluationContext());
	}

	public record OrderPlaced(String id) {
	}

}
