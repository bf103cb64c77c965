"""Reports: the contract (`report`), rendering to one self-contained HTML file (`render`), charts as SVG (`chart`)."""
