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

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.publisher.JetStreamOperations;
import io.github.jetstreamspring.publisher.MessageBuilder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.messaging.MessageHeaders;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.RoutingTarget;
import org.springframework.modulith.events.support.BrokerRouting;
import org.springframework.modulith.events.support.EventExternalizationTransport;
import org.springframework.util.StringUtils;

/**
 * Publishes events to JetStream subjects. The target is the subject; a key is added to it
 * as its last token or tokens.
 */
class JetStreamEventTransport implements EventExternalizationTransport {

	private static final Log logger = LogFactory.getLog(JetStreamEventTransport.class);

	private final JetStreamOperations operations;

	private final EventExternalizationConfiguration configuration;

	private final Supplier<@Nullable UUID> publicationId;

	private final EvaluationContext context;

	/**
	 * Creates a transport.
	 * @param operations publishes
	 * @param configuration knows the headers of events
	 * @param publicationId returns the id that the event is recorded with, {@code null}
	 * if it isn't
	 * @param context evaluates expressions in targets and keys
	 */
	JetStreamEventTransport(JetStreamOperations operations, EventExternalizationConfiguration configuration,
			Supplier<@Nullable UUID> publicationId, EvaluationContext context) {
		this.operations = operations;
		this.configuration = configuration;
		this.publicationId = publicationId;
		this.context = context;
	}

	@Override
	public CompletableFuture<?> externalize(Object payload, RoutingTarget target) {
		UUID id = this.publicationId.get();
		String subject = subject(payload, target);
		MessageBuilder message = this.operations.message(payload).to(subject);
		NatsMessages.headersToPublish(new MessageHeaders(this.configuration.getHeadersFor(payload)))
			.forEach((name, values) -> values.forEach((value) -> message.header(name, value)));
		if (id != null) {
			// The same for each submission, so that a repeated one is stored once
			message.id("event-publication:" + id);
		}
		return message.publishAsync().whenComplete((result, failure) -> {
			if (failure != null) {
				logger.error("Event publication %s to subject '%s' stays incomplete, to be submitted again: %s"
					.formatted((id != null) ? id : "without an id", subject, failure.getMessage()));
			}
		});
	}

	private String subject(Object payload, RoutingTarget target) {
		BrokerRouting routing = BrokerRouting.of(target, this.context);
		String key = routing.getKey(payload);
		return StringUtils.hasText(key) ? routing.getTarget(payload) + "." + key : routing.getTarget(payload);
	}

}
