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

package io.github.jetstreamspring.boot.actuate;

import java.util.Map;

import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.nats.client.JetStreamApiException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.reflect.OperationMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class EndpointAdvisorTests {

	private final EndpointAdvisor advisor = new EndpointAdvisor("jetstream");

	@Test
	void whenAllParametersAreKnownThenTheOperationIsInvoked() {
		assertThat(invoke((context) -> "done", Map.of("id", "a", "action", "pause"))).isEqualTo("done");
	}

	@Test
	void whenAParameterIsUnknownThenItIsRefused() {
		assertFailure(invoke((context) -> "done", Map.of("id", "a", "acton", "pause")), 400,
				"There is no 'acton' here, only 'action'");
	}

	@Test
	void whenTheOperationFailsThenStatusAndSentenceAreTheAnswer() {
		assertFailure(invoke((context) -> {
			throw OperationFailure.conflict("It is stopped");
		}, Map.of()), 409, "It is stopped");
	}

	@Test
	void whenSomethingUnexpectedHappensThenItsMessageIsNotTold() {
		assertFailure(invoke((context) -> {
			throw new IllegalStateException("secret");
		}, Map.of()), 500, "This has failed for a reason that is in the log of the application");
	}

	@Test
	void whenTheEndpointIsSomebodyElsesThenItIsLeftAlone() {
		OperationInvoker invoker = (context) -> "done";
		assertThat(this.advisor.apply(EndpointId.of("loggers"), OperationType.READ, method().getParameters(), invoker))
			.isSameAs(invoker);
	}

	@Test
	void whenTheServerHasAnsweredThenItHasRefusedAndOtherwiseItIsAway() {
		assertThat(
				OperationFailure.ofServer(new IllegalStateException("x", mock(JetStreamApiException.class))).status())
			.isEqualTo(502);
		assertThat(
				OperationFailure.ofServer(new IllegalStateException("x", new java.io.IOException("timeout"))).status())
			.isEqualTo(503);
	}

	private Object invoke(OperationInvoker invoker, Map<String, Object> arguments) {
		Object result = this.advisor
			.apply(EndpointId.of("jetstream"), OperationType.WRITE, method().getParameters(), invoker)
			.invoke(new InvocationContext(SecurityContext.NONE, arguments));
		assertThat(result).isNotNull();
		return result;
	}

	private static OperationMethod method() {
		return new OperationMethod(ReflectionUtils.findMethod(Operations.class, "write", String.class, String.class,
				SecurityContext.class), OperationType.WRITE);
	}

	private static void assertFailure(Object result, int status, String detail) {
		assertThat(result).isInstanceOfSatisfying(WebEndpointResponse.class, (response) -> {
			assertThat(response.getStatus()).isEqualTo(status);
			assertThat(response.getBody()).isEqualTo(Map.of("status", status, "detail", detail));
		});
	}

	private interface Operations {

		Object write(@Selector String id, String action, SecurityContext caller);

	}

}
