// Package bpmn is how a flow is stored and exchanged: BPMN 2.0 XML that other
// tools can read and draw, with what BPMN has no word for in a namespace of our
// own. What it does not understand it refuses by name; nothing is ever dropped.
//
// The namespace is [Namespace], by custom with the prefix qs. Elements of BPMN
// stand for steps as follows:
//
//	startEvent → userTask     the starter's own step (First); it carries qs:first="true"
//	userTask                  a step with tasks
//	exclusiveGateway          a StepChoice; one with qs:of="step" holds only that step's lines
//	parallelGateway           a StepFork or a StepJoin
//	inclusiveGateway          a StepFork whose lines have conditions
//	callActivity              a StepSub; calledElement is the key of the flow inside
//	endEvent                  a StepEnd
//	sequenceFlow              a line; one with qs:fail="true" is the step's Fail
//	conditionExpression       an expression over the form, in the language of
//	                          github.com/expr-lang/expr; or qs:cond for the plain comparisons
//
// Elements of the namespace, all within extensionElements:
//
//	of process       qs:flow child dedupe; qs:subject kind; qs:material field;
//	                 qs:require and qs:suit field op value; qs:field name type
//	of a step        qs:step policy gate area areaName edit hours sealed order resubmit
//	                 takeBack claim free switch keep empty self; qs:handler, qs:editor,
//	                 qs:cc with by id weight; qs:act, qs:effect, qs:ban, qs:reason with
//	                 value; qs:remind hours; qs:pass percent weight over abstainOut;
//	                 qs:limit n unit fast urgent; qs:timeout do after with qs:to by id inside;
//	                 qs:join need ended; qs:sub units async refused
//
// Of files in the manner of Camunda and Flowable it understands assignee,
// candidateUsers, candidateGroups (posts), form fields of the start event,
// several instances with the usual completion conditions, and conditions as
// ${…}. The step of the starter is made from their start event.
package bpmn

// Namespaces.
const (
	Model     = "http://www.omg.org/spec/BPMN/20100524/MODEL"
	Diagram   = "http://www.omg.org/spec/BPMN/20100524/DI"
	DC        = "http://www.omg.org/spec/DD/20100524/DC"
	DI        = "http://www.omg.org/spec/DD/20100524/DI"
	XSI       = "http://www.w3.org/2001/XMLSchema-instance"
	Namespace = "urn:qianshao:bpmn:1"
	Camunda   = "http://camunda.org/schema/1.0/bpmn"
	Flowable  = "http://flowable.org/bpmn"
	Modeler   = "http://camunda.org/schema/modeler/1.0"
)
