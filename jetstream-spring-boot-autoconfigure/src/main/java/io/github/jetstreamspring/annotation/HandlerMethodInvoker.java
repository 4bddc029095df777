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

package io.github.jetstreamspring.annotation;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.UnprocessableMessageException;
import io.github.jetstreamspring.messaging.NatsMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Calls an annotated method with what it asks for. A message that the arguments can't be
 * made of is told from one that the method fails on, as trying again won't help it.
 */
final class HandlerMethodInvoker extends InvocableHandlerMethod implements DeliveryHandler {

	HandlerMethodInvoker(Object bean, Method method, HandlerMethodArgumentResolverComposite resolvers) {
		super(bean, method);
		setMessageMethodArgumentResolvers(resolvers);
	}

	@Override
	public @Nullable CompletionStage<?> handle(Delivery delivery, io.nats.client.Message message) throws Exception {
		doInvoke(arguments(NatsMessages.toMessage(message, delivery)));
		return null;
	}

	private @Nullable Object[] arguments(Message<byte[]> message) {
		try {
			return getMethodArgumentValues(message);
		}
		catch (MethodArgumentNotValidException ex) {
			throw new UnprocessableMessageException("The payload is not valid: " + describe(ex.getBindingResult()),
					null);
		}
		catch (MessageConversionException ex) {
			// Not the exception itself: its text has all headers of the message
			Throwable cause = ex.getCause();
			throw new UnprocessableMessageException("The payload can't be converted: "
					+ ((cause != null) ? cause.getMessage() : "no message converter is for it"), cause);
		}
		catch (MessagingException ex) {
			throw new UnprocessableMessageException("The message doesn't fit the method: " + ex.getMessage(),
					ex.getCause());
		}
		catch (Exception ex) {
			throw new UnprocessableMessageException("The message doesn't fit the method: " + ex, ex);
		}
	}

	// Names what is wrong, never the values, which are the payload's
	private static String describe(@Nullable BindingResult result) {
		if (result == null) {
			return "it is empty";
		}
		return result.getAllErrors().stream().map(HandlerMethodInvoker::describe).collect(Collectors.joining(", "));
	}

	private static String describe(ObjectError error) {
		String where = (error instanceof FieldError field) ? field.getField() : error.getObjectName();
		// Without a code it is Spring's own error for an empty payload
		return where + " (" + ((error.getCode() != null) ? error.getCode() : "empty") + ")";
	}

}
