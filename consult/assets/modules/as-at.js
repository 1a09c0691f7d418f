// Turns the choice of an earlier moment into a slider; the list stays what is sent.
for (const group of document.querySelectorAll('[data-module="as-at"]')) {
  const list = group.querySelector("select");
  const label = group.querySelector("label");
  const slider = document.createElement("input");
  const shown = document.createElement("output");

  const show = () => {
    const chosen = list.options[Number(slider.value)];
    list.value = chosen.value;
    shown.textContent = chosen.text;
    slider.setAttribute("aria-valuetext", chosen.text);
  };

  Object.assign(slider, {
    type: "range",
    id: `${list.id}-slider`,
    className: "fm-slider",
    min: 0,
    max: list.options.length - 1,
    step: 1,
  });
  slider.value = list.selectedIndex;
  shown.className = "fm-slider__shown";
  shown.htmlFor = slider.id;
  label.htmlFor = slider.id;
  list.hidden = true;
  list.after(slider, shown);
  slider.addEventListener("input", show);
  show();
}
